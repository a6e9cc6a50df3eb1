//go:build !windows

package scan

// NewScanner is the scanner access of this system: SANE, through scanimage.
func NewScanner() Scanner { return sane{} }
