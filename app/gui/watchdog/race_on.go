//go:build race

package watchdog

// slower is how many times longer things may take while accesses to memory are
// looked at.
const slower = 20
