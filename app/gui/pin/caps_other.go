//go:build !linux && !windows

package pin

// capsLock is not known without foreign code; what is typed tells it.
var capsLock = func() (on, known bool) { return false, false }
