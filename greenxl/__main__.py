from greenxl.cli import main

main()
