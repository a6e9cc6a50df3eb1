//go:build !linux && !windows

package token

// onNetwork tells whether path lies on a file system of another machine; on
// this system only the absence of such paths in the table speaks for it.
func onNetwork(string) bool { return false }
