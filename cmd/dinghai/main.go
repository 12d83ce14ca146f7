// Command dinghai runs the platform: see dinghai --help.
package main

import (
	"os"
	_ "time/tzdata" // due dates must not depend on the host's zone files

	"github.com/dinghai/dinghai/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr)) }
