package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/verify"
)

// openssl makes a CMS message over content with the leader's key.
func openssl(t testing.TB, content []byte, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := theOffice(t).leader.WriteFiles(dir, "leader"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("openssl", append([]string{
		"cms", "-sign", "-binary", "-in", "content", "-signer", "leader.pem", "-inkey", "leader.key.pem", "-outform", "DER", "-out", "message",
	}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v: %s", err, out)
	}
	der, err := os.ReadFile(filepath.Join(dir, "message"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// foreign is a document signed in this format, with the message over what of
// makes from the frame.
func foreign(filter string, of func(frame) []byte, args ...string) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		f := newFrame(t, blank(), pdffile.Dict{"SubFilter": pdffile.Name(filter)})
		return f.put(t, openssl(t, of(f), args...))
	}
}

func signedBytes(f frame) []byte { return slices.Concat(f.pdf[:f.from], f.pdf[f.to:]) }

func digestOf(h crypto.Hash) func(frame) []byte {
	return func(f frame) []byte { return f.digest(h) }
}

// oldFormats are what old and foreign programs write: read and named, never
// passed over, and not passed when a digest is weak or content is attached.
func oldFormats(t testing.TB) []sample {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("openssl makes these messages and is not installed: ", err)
		return nil
	}
	const detached, sha1 = "adbe.pkcs7.detached", "adbe.pkcs7.sha1"
	const weak, misused = verify.CryptoConstraintsFailure, verify.SigConstraintsFailure
	rows := []sample{
		undecided("PKCS#7 with SHA-1", foreign(detached, signedBytes, "-md", "sha1"), weak),
		undecided("PKCS#7 over a SHA-1", foreign(sha1, digestOf(crypto.SHA1), "-md", "sha256", "-nodetach"), weak),
		undecided("PKCS#7 over a SHA-1, all of it SHA-1", foreign(sha1, digestOf(crypto.SHA1), "-md", "sha1", "-nodetach"), weak),
		undecided("detached PKCS#7 with the document attached", foreign(detached, signedBytes, "-md", "sha256", "-nodetach"), misused),
		undecided("the same without attributes", foreign(detached, signedBytes, "-md", "sha256", "-nodetach", "-noattr"), misused),
		undecided("detached PKCS#7 with a SHA-256 attached", foreign(detached, digestOf(crypto.SHA256), "-md", "sha256", "-nodetach"), misused),
		undecided("detached PKCS#7 with a SHA-1 attached", foreign(detached, digestOf(crypto.SHA1), "-md", "sha256", "-nodetach"), weak),
		undecided("PKCS#7 over a SHA-1 with the document attached", foreign(sha1, signedBytes, "-md", "sha256", "-nodetach"), weak),
		undecided("detached PKCS#7, other content in the way", func(t testing.TB) []byte {
			f := newFrame(t, blank(), pdffile.Dict{"SubFilter": pdffile.Name(detached)})
			return f.put(t, takeApart(t, openssl(t, signedBytes(f), "-md", "sha256"), func(p [][]byte) {
				p[2] = tlv(asn1.TagSequence, false, inside(t, p[2])[0], tlv(0, true, primitive(asn1.TagOctetString, []byte("rác"))))
			}))
		}, misused),
		failed("detached PKCS#7 over other content", foreign(detached, func(frame) []byte { return []byte("rác") }, "-md", "sha256", "-nodetach"), verify.HashFailure),
		failed("PKCS#7 over a SHA-1 that is not there", foreign(sha1, digestOf(crypto.SHA1), "-md", "sha256"), verify.HashFailure),
		failed("PKCS#7 over another SHA-1", foreign(sha1, func(frame) []byte { return make([]byte, 20) }, "-md", "sha256", "-nodetach"), verify.HashFailure),
		failed("PAdES with the document attached", foreign("ETSI.CAdES.detached", signedBytes, "-md", "sha256", "-nodetach", "-cades"), verify.FormatFailure),
	}
	for i := range rows {
		rows[i].check = func(t *testing.T, r *verify.Report) {
			if s := r.Signatures[0]; s.Indication == verify.Indeterminate && (s.Signer == nil || !slices.Contains(s.Warnings, verify.OldFormat) || s.Level != "") {
				t.Error(describe(r))
			}
		}
	}
	return rows
}

// bare is a document signed in the format adbe.x509.rsa_sha1: /Cert gets this
// entry, and pack makes the contents of the signature value.
func bare(h crypto.Hash, cert func(*practice.Identity) pdffile.Object, pack func([]byte) []byte) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		who := theOffice(t).clerk
		f := newFrame(t, blank(), pdffile.Dict{"SubFilter": pdffile.Name("adbe.x509.rsa_sha1"), "Cert": cert(who)})
		value, err := who.Signer.Sign(rand.Reader, f.digest(h), h)
		if err != nil {
			t.Fatal(err)
		}
		return f.put(t, pack(value))
	}
}

func octets(value []byte) []byte { return primitive(asn1.TagOctetString, value) }

func certificates(who *practice.Identity) pdffile.Object {
	return pdffile.Array{pdffile.String(who.Cert.Raw), pdffile.String(who.Issuer[0].Raw)}
}

func onlyCertificate(who *practice.Identity) pdffile.Object { return pdffile.String(who.Cert.Raw) }

// bareSignatures: adbe.x509.rsa_sha1 (ISO 32000-1, 12.8.3.2).
func bareSignatures(testing.TB) []sample {
	altered := func(value []byte) []byte {
		value = bytes.Clone(value)
		value[9] ^= 1
		return octets(value)
	}
	rows := []sample{
		undecided("X.509 and PKCS#1 over SHA-1", bare(crypto.SHA1, certificates, octets), verify.CryptoConstraintsFailure),
		undecided("the same with the certificate alone", bare(crypto.SHA1, onlyCertificate, octets), verify.CryptoConstraintsFailure),
		undecided("without a certificate", bare(crypto.SHA1, func(*practice.Identity) pdffile.Object { return nil }, octets), verify.NoSigningCertificateFound),
		undecided("with something else for a certificate", bare(crypto.SHA1, func(*practice.Identity) pdffile.Object { return pdffile.String("x") }, octets), verify.NoSigningCertificateFound),
		undecided("with a certificate for another kind of key", bare(crypto.SHA1, func(who *practice.Identity) pdffile.Object { return pdffile.String(who.Issuer[0].Raw) }, octets), verify.CryptoConstraintsFailure),
		failed("PKCS#1 value altered", bare(crypto.SHA1, certificates, altered), verify.SigCryptoFailure),
		failed("PKCS#1 value not wrapped", bare(crypto.SHA1, certificates, func(v []byte) []byte { return v }), verify.FormatFailure),
		failed("PKCS#1 value with bytes behind it", bare(crypto.SHA1, certificates, func(v []byte) []byte { return append(octets(v), 'A') }), verify.FormatFailure),
		failed("PKCS#1 value, document altered", func(t testing.TB) []byte {
			return swap(t, bare(crypto.SHA1, certificates, octets)(t), "1.000.000", "9.000.000")
		}, verify.SigCryptoFailure),
	}
	for i := range rows[:2] {
		rows[i].check = func(t *testing.T, r *verify.Report) {
			s := r.Signatures[0]
			if s.Signer == nil || s.Signer.Subject.CommonName != "Ủy ban nhân dân xã Thực Hành" || s.Crypto != nil || len(s.Chain) != 3 || s.Warnings[0] != verify.OldFormat {
				t.Error(describe(r))
			}
		}
	}
	return rows
}
