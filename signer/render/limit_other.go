//go:build !linux

package render

// limitMemory does nothing: macOS does not enforce such limits, and Windows has
// them for job objects only.
func limitMemory() {}
