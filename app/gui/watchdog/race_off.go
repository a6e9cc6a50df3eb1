//go:build !race

package watchdog

const slower = 1
