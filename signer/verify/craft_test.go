package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"encoding/hex"
	"testing"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
)

// frame is a document with a signature dictionary whose gap is still empty.
type frame struct {
	pdf      []byte
	from, to int // the gap, from '<' to after '>'
}

// newFrame adds an invisible signature field with this dictionary, which may
// change the usual one.
func newFrame(t testing.TB, pdf []byte, more pdffile.Dict) frame {
	t.Helper()
	f := open(t, pdf)
	u := f.NewUpdate()
	d := signatureDict()
	for k, v := range more {
		d[k] = v
	}
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	form, _ := f.AcroForm()
	field := u.Add(pdffile.Dict{
		"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "F": 132,
		"T": pdffile.TextString(sprintf("Khung%d", len(f.Array(form["Fields"])))), "V": u.Add(d), "P": page.Ref, "Rect": pdffile.Array{0, 0, 0, 0},
	})
	if err := u.AddAnnotation(page, field); err != nil {
		t.Fatal(err)
	}
	if err := u.SetForm(pdffile.Dict{"SigFlags": 3}, field); err != nil {
		t.Fatal(err)
	}
	return rendered(t, pdf, u)
}

// gapOf makes a frame of a signed document, to put another message into it.
func gapOf(t testing.TB, pdf []byte) frame {
	t.Helper()
	sigs, err := open(t, pdf).Signatures()
	if err != nil || len(sigs) == 0 {
		t.Fatal(err, len(sigs))
	}
	s := sigs[len(sigs)-1]
	return frame{pdf, int(s.Gap[0]), int(s.Gap[1])}
}

func (f frame) digest(h crypto.Hash) []byte {
	w := h.New()
	w.Write(f.pdf[:f.from])
	w.Write(f.pdf[f.to:])
	return w.Sum(nil)
}

// put writes a message into the gap, padded with zeros.
func (f frame) put(t testing.TB, der []byte) []byte {
	t.Helper()
	room := f.to - f.from - 2
	if 2*len(der) > room {
		t.Fatalf("message of %d bytes, room for %d", len(der), room/2)
	}
	out := bytes.Clone(f.pdf)
	gap := out[f.from+1 : f.to-1]
	copy(gap, bytes.Repeat([]byte{'0'}, room))
	copy(gap, hex.EncodeToString(der))
	return out
}

// message signs digest with the identity; the profile says how it looks.
func message(t testing.TB, who *practice.Identity, p cms.Profile, digest []byte) []byte {
	t.Helper()
	attrs, value := signedParts(t, who, p, digest)
	return signedData(t, p, attrs, value, nil)
}

func signedParts(t testing.TB, who *practice.Identity, p cms.Profile, digest []byte) (attrs, value []byte) {
	t.Helper()
	attrs, err := p.SignedAttributes(digest)
	if err != nil {
		t.Fatal(err)
	}
	value, err = who.Sign(context.Background(), attrs, p.Digest(), schemeOf(t, who))
	if err != nil {
		t.Fatal(err)
	}
	return attrs, value
}

func schemeOf(t testing.TB, who *practice.Identity) cms.Scheme {
	t.Helper()
	s, err := cms.PKCS1v15.For(who.Cert)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signedData(t testing.TB, p cms.Profile, attrs, value, token []byte) []byte {
	t.Helper()
	der, err := p.SignedData(attrs, value, token)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// profileOf is the usual way of this identity.
func profileOf(who *practice.Identity) cms.Profile {
	return cms.Profile{Certificate: who.Certificate(), Chain: who.Chain()}
}

// takeApart calls change with the elements of the SignedData (version, digest
// algorithms, content, certificates, signers) and puts the result together.
func takeApart(t testing.TB, der []byte, change func(parts [][]byte)) []byte {
	t.Helper()
	type wrapper struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}
	var w wrapper
	if _, err := asn1.Unmarshal(der, &w); err != nil {
		t.Fatal(err)
	}
	var inner asn1.RawValue
	if _, err := asn1.Unmarshal(w.Content.Bytes, &inner); err != nil {
		t.Fatal(err)
	}
	parts := elements(t, inner.Bytes)
	change(parts)
	w.Content = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: tlv(asn1.TagSequence, false, parts...)}
	out, err := asn1.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func elements(t testing.TB, b []byte) [][]byte {
	t.Helper()
	var out [][]byte
	for len(b) > 0 {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(b, &e)
		if err != nil {
			t.Fatal(err)
		}
		out, b = append(out, e.FullBytes), rest
	}
	return out
}

// tlv encodes a constructed value with these elements.
func tlv(tag int, context bool, parts ...[]byte) []byte {
	v := asn1.RawValue{Tag: tag, IsCompound: true, Bytes: bytes.Join(parts, nil)}
	if context {
		v.Class = asn1.ClassContextSpecific
	}
	out, err := asn1.Marshal(v)
	if err != nil {
		panic(err) // fixed shapes
	}
	return out
}

// swap replaces the only occurrence of old by new of the same length.
func swap(t testing.TB, pdf []byte, old, new string) []byte {
	t.Helper()
	if n := bytes.Count(pdf, []byte(old)); n != 1 || len(new) > len(old) {
		t.Fatalf("%q occurs %d times", old, n)
	}
	for len(new) < len(old) {
		new += " "
	}
	return bytes.Replace(pdf, []byte(old), []byte(new), 1)
}

// addSignature signs in a new field by hand, against whatever pades refuses;
// more are entries of the field.
func addSignature(t testing.TB, pdf []byte, rect pdffile.Array, more pdffile.Dict) []byte {
	t.Helper()
	o := theOffice(t)
	f := open(t, pdf)
	u := f.NewUpdate()
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	d := pdffile.Dict{
		"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "F": 132,
		"T": pdffile.String("ThemVao"), "V": u.Add(signatureDict()), "P": page.Ref, "Rect": rect,
	}
	for k, v := range more {
		d[k] = v
	}
	field := u.Add(d)
	if err := u.AddAnnotation(page, field); err != nil {
		t.Fatal(err)
	}
	if err := u.SetForm(pdffile.Dict{"SigFlags": 3}, field); err != nil {
		t.Fatal(err)
	}
	return finish(t, pdf, u, o.clerk)
}

// fillSignature signs in the prepared field Ky of withFields, by hand.
func fillSignature(t testing.TB, pdf []byte) []byte {
	t.Helper()
	u := open(t, pdf).NewUpdate()
	edit(13, pdffile.Dict{"V": u.Add(signatureDict()), "AP": pdffile.Dict{"N": u.Add(form("0 g"))}})(t, nil, u)
	return finish(t, pdf, u, theOffice(t).clerk)
}

func signatureDict() pdffile.Dict {
	return pdffile.Dict{
		"Type": pdffile.Name("Sig"), "Filter": pdffile.Name("Adobe.PPKLite"), "SubFilter": pdffile.Name("ETSI.CAdES.detached"),
		"ByteRange": pdffile.ByteRangeSlot{}, "Contents": pdffile.ContentsSlot{Bytes: 12 << 10}, "M": pdffile.String("D:20261122164703+07'00'"),
	}
}

func rendered(t testing.TB, pdf []byte, u *pdffile.Update) frame {
	t.Helper()
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return frame{append(bytes.Clone(pdf), tail.Data...), int(tail.ContentsFrom), int(tail.ContentsTo)}
}

func finish(t testing.TB, pdf []byte, u *pdffile.Update, who *practice.Identity) []byte {
	t.Helper()
	f := rendered(t, pdf, u)
	return f.put(t, message(t, who, profileOf(who), f.digest(crypto.SHA256)))
}
