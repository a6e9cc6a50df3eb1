package token

import "strings"

// cspFiles are the files that may be the PKCS#11 module of the cryptographic
// service provider with the given image path: often the module is X.dll beside
// the provider X_s.dll, or the two are one file. windows is the folder of the
// system; wow is for an entry of the 32-bit registry, where System32 means
// SysWOW64.
func cspFiles(image, windows string, wow bool) []string {
	const system = `\System32\`
	image = strings.Trim(image, "\" \x00")
	if len(image) >= 12 && strings.EqualFold(image[:12], `%SystemRoot%`) {
		image = windows + image[12:]
	}
	if image == "" || strings.ContainsAny(image, `%/`) {
		return nil
	}
	if !strings.ContainsAny(image, `\:`) { // found by the search for libraries
		image = windows + system + image
	}
	if len(image) < 3 || image[1] != ':' || image[2] != '\\' {
		return nil
	}
	if prefix := windows + system; wow && len(image) > len(prefix) && strings.EqualFold(image[:len(prefix)], prefix) {
		image = windows + `\SysWOW64\` + image[len(prefix):]
	}
	const suffix = "_s.dll"
	if cut := len(image) - len(suffix); cut > 0 && strings.EqualFold(image[cut:], suffix) {
		return []string{image[:cut] + ".dll", image}
	}
	return []string{image}
}
