package verify

import (
	"bytes"
	"errors"
	"fmt"

	"antin/signer/pdffile"
)

// What is wrong with the frame of a signature, before any cryptography.
var (
	ErrByteRange  = errors.New("verify: the byte range is not the signed revision without /Contents") // ISO 32000-1, 12.8.1; EN 319 142-1, 5.3
	ErrRevision   = errors.New("verify: the byte range does not end with a revision of the document") // ISO 32000-1, 7.5.6
	ErrDictionary = errors.New("verify: the signature dictionary is not the signed one")
	ErrContents   = errors.New("verify: /Contents is not one hexadecimal string")
	ErrNesting    = errors.New("verify: the byte ranges of two signatures cross")
)

// read looks at the frame of one signature: dictionary, byte range, the
// revision it signs. Everything shown is read from that revision. in is the
// newest one that has the signature.
func (d *document) read(in *pdffile.File, src pdffile.Signature) *signature {
	s := &signature{source: src, in: in}
	s.Field, s.Kind = src.Field.Name, Approval
	d.guard(s, d.readFrame)
	if !s.known && src.Dict != nil {
		// Shown so that a person can tell which signature this is; it proves nothing.
		s.SubFilter = string(in.Name(src.Dict["SubFilter"]))
		s.place(in, src.Field)
	}
	return s
}

func (d *document) readFrame(s *signature) {
	src := s.source
	format := func(err error) { s.broken(TotalFailed, FormatFailure, err) }
	if src.Err != nil {
		format(src.Err)
		return
	}
	if err := d.checkByteRange(src); err != nil {
		format(err)
		return
	}
	signed, err := d.state(src.End())
	if err != nil {
		format(fmt.Errorf("%w: %w", ErrRevision, err))
		return
	}
	s.End, s.CoversFile = src.End(), src.End() >= d.file.End()
	if err := d.checkRevision(s, signed); err != nil {
		format(err)
		return
	}
	field, err := signedField(signed, src)
	if err != nil {
		format(err)
		return
	}
	dict := signed.Dict(field.Value)
	if !equalDictionaries(signed, s.in, dict, src.Dict) {
		format(fmt.Errorf("%w: it was changed in a later revision", ErrDictionary))
		return
	}
	s.known, s.dict = true, dict
	s.Field = field.Name
	s.place(signed, field)
	s.describe(signed, dict, field)
}

// checkByteRange wants [0 a b c] with exactly the /Contents token between a and
// b. A larger gap would hide bytes, a smaller one would sign the signature.
func (d *document) checkByteRange(src pdffile.Signature) error {
	br, f := src.ByteRange, d.file
	switch {
	case br[0] != 0:
		return fmt.Errorf("%w: it starts at byte %d", ErrByteRange, br[0])
	case br[1] != src.Gap[0] || br[2] != src.Gap[1]:
		return fmt.Errorf("%w: its gap is [%d, %d), /Contents stands at [%d, %d)", ErrByteRange, br[1], br[2], src.Gap[0], src.Gap[1])
	case src.End() > f.Size() || br[3] <= 0:
		return fmt.Errorf("%w: it ends at byte %d of %d", ErrByteRange, src.End(), f.Size())
	}
	token := make([]byte, src.Gap[1]-src.Gap[0])
	if n, err := f.Source().ReadAt(token, src.Gap[0]); n < len(token) {
		return err
	}
	if len(token) < 4 || len(token)%2 != 0 || token[0] != '<' || token[len(token)-1] != '>' ||
		len(bytes.Trim(token[1:len(token)-1], "0123456789abcdefABCDEF")) > 0 {
		return ErrContents
	}
	return nil
}

// checkRevision wants the signed bytes to be one of the states that the
// document went through: later updates build on it.
func (d *document) checkRevision(s *signature, signed *pdffile.File) error {
	newest := signed.Newest()
	for i, r := range d.file.Revisions() {
		if r.StartXRef == newest.Start {
			s.Revision = i + 1
			return nil
		}
	}
	return fmt.Errorf("%w: later updates do not build on it", ErrRevision)
}

// signedField finds the field in the revision that was signed.
func signedField(signed *pdffile.File, src pdffile.Signature) (pdffile.Field, error) {
	fields, err := signed.Fields()
	if err != nil {
		return pdffile.Field{}, fmt.Errorf("%w: %w", ErrRevision, err)
	}
	for _, fl := range fields {
		if fl.Type != "Sig" || fl.Ref != src.Field.Ref {
			continue
		}
		if ref, _ := fl.Value.(pdffile.Ref); ref == src.Ref && (ref != pdffile.Ref{} || fl.Name == src.Field.Name) {
			return fl, nil
		}
	}
	return pdffile.Field{}, fmt.Errorf("%w: the field was not in the signed revision", ErrDictionary)
}

func (s *signature) place(f *pdffile.File, fl pdffile.Field) {
	if len(fl.Widgets) > 0 {
		w := fl.Widgets[0]
		s.Page = w.Page
		if w.Rect.Width() > 0 && w.Rect.Height() > 0 {
			s.Box = f.Box(w)
		}
	}
}

// describe reads what the signature dictionary claims, in the signed revision f.
func (s *signature) describe(f *pdffile.File, dict pdffile.Dict, fl pdffile.Field) {
	s.SubFilter = string(f.Name(dict["SubFilter"]))
	s.Reason, s.Location, s.Name = f.Text(dict["Reason"]), f.Text(dict["Location"]), f.Text(dict["Name"])
	if v, _ := f.Resolve(dict["M"]); v != nil {
		if m, ok := v.(pdffile.String); ok {
			if t, err := pdffile.ParseDate(m); err == nil {
				s.ClaimedTime = t
			}
		}
	}
	if s.SubFilter == timeStampFilter {
		s.Kind = DocTimeStamp
	}
	s.DocMDP, s.Locks = restrictions(f, dict, fl)
	if s.DocMDP == 0 {
		return
	}
	cat, _ := f.Catalog()
	if named, ok := f.Dict(cat["Perms"])["DocMDP"].(pdffile.Ref); ok && named == s.source.Ref {
		s.Kind = Certification
	} else {
		s.warn(NoPermissions) // ISO 32000-2, 12.8.2.2.2 allows it; it is obeyed either way
	}
}

// restrictions reads what the signature allows afterwards. A level that does
// not exist counts as the strictest. The field's own /Lock is a wish to the
// signer, yet whoever wrote the form wanted these fields fixed by this signature.
func restrictions(f *pdffile.File, dict pdffile.Dict, fl pdffile.Field) (docMDP int, locks []*pdffile.FieldLock) {
	tighten := func(p int) {
		if p < 1 || p > 3 {
			p = 1
		}
		if docMDP == 0 || p < docMDP {
			docMDP = p
		}
	}
	for _, o := range f.Array(dict["Reference"]) {
		ref := f.Dict(o)
		params := f.Dict(ref["TransformParams"])
		switch f.Name(ref["TransformMethod"]) {
		case "DocMDP":
			p := 2 // ISO 32000-1, table 254: the default
			if params["P"] != nil {
				p, _ = f.Int(params["P"])
			}
			tighten(p)
		case "FieldMDP":
			if l := f.ReadLock(params); l != nil {
				locks = append(locks, l)
			} else {
				locks = append(locks, &pdffile.FieldLock{Action: "All"})
			}
		}
	}
	if lock := f.Dict(fl.Dict["Lock"]); lock != nil {
		locks = append(locks, f.ReadLock(lock))
		if lock["P"] != nil { // ISO 32000-2, table 236
			p, _ := f.Int(lock["P"])
			tighten(p)
		}
	}
	return docMDP, locks
}

// checkNesting compares the byte ranges with each other. A later signature lies
// wholly behind what an earlier one signed.
func (d *document) checkNesting() {
	for i, a := range d.signatures {
		for _, b := range d.signatures[i+1:] {
			if a.source.Ref == b.source.Ref && a.source.Ref != (pdffile.Ref{}) {
				a.warn(SharedDictionary)
				b.warn(SharedDictionary)
				continue
			}
			if !a.known || !b.known {
				continue
			}
			if b.source.Gap[0] < a.End { // sorted by End: a is the earlier one
				err := fmt.Errorf("%w: %q and %q", ErrNesting, a.Field, b.Field)
				b.broken(TotalFailed, FormatFailure, err)
				if a.End == b.End {
					a.broken(TotalFailed, FormatFailure, err)
				}
			}
		}
	}
}

// checkCertification: there is one certification at most, and it comes first
// (ISO 32000-1, 12.8.2.2.1).
func (d *document) checkCertification() {
	for i, s := range d.signatures {
		if s.Kind != Certification || !s.known {
			continue
		}
		for _, before := range d.signatures[:i] {
			if before.Kind != DocTimeStamp && before.source.Ref != s.source.Ref {
				s.fail(Indeterminate, SigConstraintsFailure, fmt.Errorf("verify: a certification after signature %q", before.Field))
			}
		}
	}
}
