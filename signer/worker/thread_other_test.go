//go:build !linux

package worker

// Elsewhere there is no portable number; the thread of the calls is locked anyway.
func threadID() int { return 0 }
