package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"testing"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/verify"
)

// issue makes another holder; with a key it is the same person's second certificate.
func issue(t testing.TB, a *practice.Authority, o practice.IdentityOptions) *practice.Identity {
	t.Helper()
	if o.Name == "" {
		o.Name = "Người Khác"
	}
	o.Key = practice.P256
	i, err := a.Issue(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func newAuthority(t testing.TB, o practice.AuthorityOptions) *practice.Authority {
	t.Helper()
	o.Key = practice.P256
	a, err := practice.NewAuthority(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// mdp is a signature dictionary's entry for DocMDP p; none for 0.
func mdp(p int) pdffile.Dict {
	if p == 0 {
		return nil
	}
	return pdffile.Dict{"Reference": pdffile.Array{
		pdffile.Dict{"Type": pdffile.Name("SigRef"), "TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": p}},
	}}
}

// forgedMessages: the message in /Contents, which no signature protects, is
// exchanged.
func forgedMessages(t testing.TB, p int) []sample {
	o := theOffice(t)
	f := newFrame(t, blank(), mdp(p))
	digest := f.digest(crypto.SHA256)
	usual := profileOf(o.leader)
	good := message(t, o.leader, usual, digest)
	put := func(der []byte) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return f.put(t, der) }
	}
	damaged := func(change func(parts [][]byte)) []byte { return takeApart(t, good, change) }
	signer := func(change func(parts [][]byte)) []byte {
		return damaged(func(p [][]byte) {
			parts := inside(t, inside(t, p[4])[0])
			change(parts)
			p[4] = tlv(asn1.TagSet, false, tlv(asn1.TagSequence, false, parts...))
		})
	}
	// attributes are re-signed by the leader, so that only they are at fault
	attributes := func(change func([][]byte) [][]byte) []byte {
		attrs, _ := signedParts(t, o.leader, usual, digest)
		changed := tlv(asn1.TagSet, false, change(inside(t, attrs))...)
		value, err := o.leader.Sign(context.Background(), changed, crypto.SHA256, schemeOf(t, o.leader))
		if err != nil {
			t.Fatal(err)
		}
		return takeApart(t, good, func(p [][]byte) {
			parts := inside(t, inside(t, p[4])[0])
			parts[3] = tlv(0, true, inside(t, changed)...)
			parts[5] = primitive(asn1.TagOctetString, value)
			p[4] = tlv(asn1.TagSet, false, tlv(asn1.TagSequence, false, parts...))
		})
	}
	without := func(oid string) func([][]byte) [][]byte {
		return func(all [][]byte) [][]byte {
			return slices.DeleteFunc(all, func(a []byte) bool { return bytes.Contains(a, []byte(oid)) })
		}
	}
	const contentType, messageDigest = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03", "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"
	const sha256, sha384 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01", "\x60\x86\x48\x01\x65\x03\x04\x02\x02"
	impostor := issue(t, newAuthority(t, practice.AuthorityOptions{}), practice.IdentityOptions{Name: "Trần Vĩnh Nghĩa"})
	renewed := issue(t, o.Authority, practice.IdentityOptions{Signer: o.leader.Signer})
	attrs, value := signedParts(t, o.leader, usual, digest)
	otherSigner := cms.Profile{Certificate: renewed.Certificate(), Chain: renewed.Chain()}
	altered := bytes.Clone(value)
	altered[len(altered)-3] ^= 1
	flipped := bytes.Clone(digest)
	flipped[0] ^= 1
	_, byClerk := signedParts(t, o.clerk, usual, digest)
	hello := func(p [][]byte) {
		p[2] = tlv(asn1.TagSequence, false, inside(t, p[2])[0], tlv(0, true, primitive(asn1.TagOctetString, []byte("hello"))))
	}
	const failure, none = verify.FormatFailure, verify.NoSigningCertificateFound
	return []sample{
		failed("no message", put(nil), failure),
		failed("not a message", put([]byte("hello, world")), failure),
		failed("cut off, zeros instead", put(good[:len(good)-40]), verify.SigCryptoFailure),
		failed("bytes behind it", put(append(bytes.Clone(good), 'A')), failure),
		failed("a second message behind it", put(append(bytes.Clone(good), good...)), failure),
		failed("over another document", put(message(t, o.leader, usual, flipped)), verify.HashFailure),
		failed("signature value altered", put(signedData(t, usual, attrs, altered, nil)), verify.SigCryptoFailure),
		failed("signature value of no length", put(signer(func(p [][]byte) { p[5] = primitive(asn1.TagOctetString, nil) })), verify.SigCryptoFailure),
		failed("signed by another key", put(signedData(t, usual, attrs, byClerk, nil)), verify.SigCryptoFailure),
		failed("attached content", put(damaged(hello)), failure),
		failed("two signers", put(damaged(func(p [][]byte) {
			signer := inside(t, p[4])[0]
			p[4] = tlv(asn1.TagSet, false, signer, signer)
		})), failure),
		failed("no signer", put(damaged(func(p [][]byte) { p[4] = tlv(asn1.TagSet, false) })), failure),
		failed("no message-digest", put(attributes(without(messageDigest))), failure),
		failed("no content-type", put(attributes(without(contentType))), failure),
		failed("message-digest twice", put(attributes(func(all [][]byte) [][]byte {
			for _, a := range all {
				if bytes.Contains(a, []byte(messageDigest)) {
					return append(all, a)
				}
			}
			return all
		})), failure),
		failed("content-type of a time-stamp", put(attributes(func(all [][]byte) [][]byte {
			for i, a := range all {
				all[i] = bytes.Replace(a, []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), 1)
			}
			return all
		})), failure),
		undecided("no certificate", put(damaged(func(p [][]byte) { p[3] = tlv(0, true, o.Issuing.Raw) })), none),
		undecided("certificate of another with the same key", put(signedData(t, otherSigner, attrs, value, nil)), none),
		undecided("self-made signer, the real one in the bag", put(message(t, impostor,
			cms.Profile{Certificate: impostor.Certificate(), Chain: []*x509.Certificate{o.leader.Certificate(), o.Issuing}}, digest)), verify.NoCertificateChainFound),
		undecided("another digest algorithm claimed", put(signer(func(p [][]byte) {
			p[2] = bytes.Replace(p[2], []byte(sha256), []byte(sha384), 1)
		})), verify.CryptoConstraintsFailure),
		undecided("an unknown signature algorithm", put(signer(func(p [][]byte) { p[4] = bytes.Replace(p[4], []byte("\x01\x01\x0b"), []byte("\x01\x01\x7f"), 1) })), verify.CryptoConstraintsFailure),
	}
}

// primitive encodes a primitive value of at most 65,535 bytes.
func primitive(tag int, content []byte) []byte {
	out, err := asn1.Marshal(asn1.RawValue{Tag: tag, Bytes: content})
	if err != nil {
		panic(err) // fixed shapes
	}
	return out
}

// inside are the elements of a constructed value.
func inside(t testing.TB, der []byte) [][]byte {
	t.Helper()
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		t.Fatal(err)
	}
	return elements(t, v.Bytes)
}
