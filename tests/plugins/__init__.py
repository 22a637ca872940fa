"""What the tests need of the machine: a database server, a browser, a running portal."""
