# The script is the program's own, so that it is always that of what is installed.
convtool completion fish | source
