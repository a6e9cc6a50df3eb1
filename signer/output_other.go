//go:build !unix

package signer

// syncFolder does nothing: NTFS journals names, and folders cannot be synced.
func syncFolder(string) error { return nil }
