package register

import "os/exec"

// asNobody changes nothing: a folder without the right to write is not made by
// Chmod on Windows.
func asNobody(*exec.Cmd, string) error { return nil }
