"""The command line."""


def main() -> None:
    """Run the command ``greenxl``."""
    from greenxl.cli.app import main as run

    run()
