module example.invalid/tierwall/e2e/pods

go 1.24.0

require golang.org/x/sys v0.33.0
