package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// Documents and folders are dropped from a file manager.
func TestDropOnTheWindow(t *testing.T) {
	if out, err := exec.Command("/usr/bin/python3", "-c", "import Xlib").CombinedOutput(); err != nil {
		machine.Lacks(t, "nothing is dropped, the Debian package python3-xlib is missing: ", string(out))
	}
	o := newPracticeOffice(t, settings.Leader)
	source, err := os.ReadFile(o.path("quyet-dinh.pdf"))
	check(t, err)
	check(t, os.Mkdir(o.path("thư mục"), 0o700))
	for _, name := range []string{"thư mục/a.pdf", "thư mục/b c.pdf", "d.pdf"} {
		check(t, os.WriteFile(o.path(name), source, 0o600))
	}
	s := o.screen()
	s.start()
	s.reads(recentPart, "quyet-dinh.pdf")
	out, err := s.command("xdotool", "search", "--onlyvisible", "--limit", "1", "--pid", strconv.Itoa(s.program.Process.Pid)).Output()
	check(t, err)
	drop := s.command("/usr/bin/python3", "../testdata/drag.py", strings.TrimSpace(string(out)), "680", "300", o.path("thư mục"), o.path("d.pdf"))
	if out, err := drop.CombinedOutput(); err != nil {
		t.Fatalf("dropping: %v %s", err, out)
	}
	s.reads(countsPart, "tất cả 3")
	s.picture("dropped")
}
