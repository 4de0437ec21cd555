"""What the commands share that speak to a server."""
