package token

import (
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// providers is where CryptoAPI looks for its providers, one key each.
const providers = `SOFTWARE\Microsoft\Cryptography\Defaults\Provider`

// registeredCandidates are the files beside the cryptographic service providers
// that vendors have registered. Providers of Windows itself are no modules and
// drop out when they are looked at.
func registeredCandidates() []candidate {
	system, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return nil
	}
	var found []candidate
	for _, view := range []struct {
		access uint32
		wow    bool
	}{{registry.WOW64_64KEY, false}, {registry.WOW64_32KEY, true}} {
		for _, name := range subkeys(providers, view.access) {
			image := value(providers+`\`+name, "Image Path", view.access)
			for _, path := range cspFiles(image, system, view.wow) {
				found = append(found, candidate{
					path: path, name: name, origin: FromRegistry, source: `HKLM\` + providers + `\` + name, guess: true,
				})
			}
		}
	}
	return found
}

// subkeys is nil when the key is missing or closed to us: then there is nothing to find.
func subkeys(path string, view uint32) []string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.ENUMERATE_SUB_KEYS|view)
	if err != nil {
		return nil
	}
	defer k.Close()
	names, _ := k.ReadSubKeyNames(-1)
	return names
}

func value(path, name string, view uint32) string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|view)
	if err != nil {
		return ""
	}
	defer k.Close()
	text, _, _ := k.GetStringValue(name)
	return text
}
