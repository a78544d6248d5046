"""整改通知: what is handed on to towns and departments once a round is merged."""
