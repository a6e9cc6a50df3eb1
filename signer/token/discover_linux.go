package token

// registeredCandidates are the modules in p11-kit's own files; those of
// administrators stand later and win.
func registeredCandidates() []candidate {
	return p11kitCandidates(
		[]string{"/usr/share/p11-kit/modules", "/etc/pkcs11/modules"},
		[]string{"/usr/lib/*/pkcs11", "/usr/lib64/pkcs11", "/usr/lib/pkcs11"},
	)
}
