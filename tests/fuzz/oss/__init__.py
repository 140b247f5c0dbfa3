"""convtool for OSS-Fuzz: the project's three files, and a program for each target."""
