//go:build !windows

package words

// systemLanguage: the environment says it all.
func systemLanguage() string { return "" }
