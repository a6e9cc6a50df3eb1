package shapes

// encryptedShapes are made by qpdf when the test runs. A signature's /Contents
// is not encrypted, every other string and stream of the update is (7.6.1).
func encryptedShapes() []Shape {
	const password = "mật khẩu"
	const owner = "chu"
	return []Shape{
		encrypted("encrypted-rc4-40", "RC4-40", "", "", owner, "40", "--"),
		encrypted("encrypted-rc4-128", "RC4-128", "", "", owner, "128", "--use-aes=n", "--"),
		encrypted("encrypted-aes-128", "AES-128", "", "", owner, "128", "--use-aes=y", "--"),
		encrypted("encrypted-aes-256-r5", "AES-256 R5", "", "", owner, "256", "--force-R5", "--"),
		encrypted("encrypted-aes-256-r6", "AES-256 R6", "", "", owner, "256", "--"),
		encrypted("encrypted-aes-128-cleartext-metadata", "AES-128", "", "", owner, "128", "--use-aes=y", "--cleartext-metadata", "--"),
		encrypted("encrypted-rc4-128-password", "RC4-128", "", "matkhau", owner, "128", "--use-aes=n", "--"),
		encrypted("encrypted-aes-128-password", "AES-128", "", "matkhau", owner, "128", "--use-aes=y", "--"),
		encrypted("encrypted-aes-256-r6-password", "AES-256 R6", "", password, owner, "256", "--"),
		encrypted("encrypted-aes-256-object-streams", "AES-256 R6", "", "", owner, "256", "--", "--object-streams=generate"),
		encrypted("encrypted-rc4-40-no-changes", "RC4-40", "permissions forbid changes and forms", "", owner, "40", "--modify=n", "--annotate=n", "--"),
		encrypted("encrypted-aes-128-no-changes", "AES-128", "permissions forbid changes and forms", "", owner, "128", "--use-aes=y", "--modify=none", "--"),
		encrypted("encrypted-aes-256-no-changes", "AES-256 R6", "permissions forbid changes and forms", "", owner, "256", "--modify=none", "--"),
		encrypted("encrypted-aes-256-no-forms", "AES-256 R6", "permissions forbid filling fields and adding them", "", owner, "256",
			"--form=n", "--annotate=n", "--"),
		encrypted("encrypted-aes-256-forms-only", "AES-256 R6", "permissions allow filling existing fields, not adding a signature field", "", owner, "256",
			"--modify=form", "--"),
	}
}

// encrypted lets qpdf encrypt a small document with text in /Info and a form.
// An empty refusal means that it can be signed.
func encrypted(name, kind, refusal, user, owner, bits string, args ...string) Shape {
	s := Shape{Name: name, Encryption: kind, Password: user, Reason: refusal, Pages: 2, Fields: []string{"ho_ten"}}
	if refusal != "" {
		s.Expect = Refused
	}
	// --allow-weak-crypto silences the warnings about RC4 and R5.
	command := append([]string{"--allow-weak-crypto", "--encrypt", user, owner, bits}, args...)
	s.build = byQPDF(func() []byte {
		d := NewDocument("1.7", 2)
		d.addTextForm()
		d.Trailer = "/Info " + d.Add("<</Title%s>>", TextString("Quyết định")).String()
		return d.Finish().Table()
	}, command...)
	return s
}
