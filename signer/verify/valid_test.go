package verify_test

import (
	"crypto"
	"slices"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// What the office makes is valid, with the permitted changes reported.
func TestValid(t *testing.T) {
	o := theOffice(t)
	approved := sign(t, blank(), approve(t))
	sealed := sign(t, approved, seal(t, true))
	clerk := pades.Request{Key: o.clerk}
	for _, c := range []struct {
		name    string
		pdf     []byte
		changes []verify.ChangeKind // after the first signature
	}{
		{"one signature", approved, nil},
		{"one invisible signature", sign(t, blank(), clerk), nil},
		{"leader and seal, fields locked", sealed, []verify.ChangeKind{verify.FilledField, verify.AddedSignature}},
		{"leader and seal, fields open", sign(t, approved, seal(t, false)), []verify.ChangeKind{verify.FilledField, verify.AddedSignature}},
		{"three signatures", sign(t, sealed, clerk), []verify.ChangeKind{verify.FilledField, verify.AddedSignature}},
		{"with time-stamp", sign(t, sign(t, blank(), pades.Request{Key: o.leader, TSA: o.tsa}), clerk), []verify.ChangeKind{verify.AddedSignature}},
		{"SHA-512", sign(t, blank(), pades.Request{Key: o.leader, Hash: crypto.SHA512}), nil},
		{"certified for filling, filled", fill(t, sign(t, withFields(), pades.Request{Key: o.leader, Certify: 2}), "So"), []verify.ChangeKind{verify.FilledField}},
		{"certified for filling, prepared field signed", sign(t, sign(t, withFields(), pades.Request{Key: o.leader, Certify: 2}), pades.Request{Key: o.clerk, Field: "Ky"}), []verify.ChangeKind{verify.AddedSignature}},
		{"certified for filling, invisible signature", sign(t, sign(t, withFields(), pades.Request{Key: o.leader, Certify: 3}), clerk), []verify.ChangeKind{verify.AddedSignature}},
		{"filled after the last signature", fill(t, sign(t, withFields(), clerk), "So"), []verify.ChangeKind{verify.FilledField}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, c.pdf)
			if r.Verdict() != verify.Valid {
				t.Fatal(describe(r))
			}
			var kinds []verify.ChangeKind
			for _, ch := range r.Signatures[0].Changes {
				if !slices.Contains(kinds, ch.Kind) && ch.Kind != verify.ChangedForm {
					kinds = append(kinds, ch.Kind)
				}
			}
			slices.Sort(kinds)
			want := slices.Sorted(slices.Values(c.changes))
			if !slices.Equal(kinds, want) {
				t.Errorf("changes %q, want %q\n%s", kinds, want, describe(r))
			}
			for i := range r.Signatures {
				if !r.Signatures[i].Intact() {
					t.Errorf("signature %d is not intact", i)
				}
			}
			if len(r.Orphans) > 0 {
				t.Errorf("orphans %v", r.Orphans)
			}
		})
	}
}

// fill gives a text field of the document a value, without a signature.
func fill(t testing.TB, pdf []byte, field string) []byte {
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
		fl, err := f.Field(field)
		if err != nil {
			t.Fatal(err)
		}
		page, err := f.Page(1)
		if err != nil {
			t.Fatal(err)
		}
		ap, err := appearance.NewLook(40, 8).Form(u, page.Geometry, appearance.Constraints{})
		if err != nil {
			t.Fatal(err)
		}
		d := u.Dict(fl.Ref).Clone()
		d["V"], d["AP"] = pdffile.TextString("999/QĐ-UBND"), pdffile.Dict{"N": ap}
		u.Set(fl.Ref, d)
	})
}

func TestReport(t *testing.T) {
	o := theOffice(t)
	q := approve(t)
	q.TSA, q.Time = o.tsa, time.Date(2026, 11, 22, 9, 47, 3, 0, time.UTC)
	pdf := sign(t, sign(t, blank(), q), seal(t, true))
	r := judge(t, pdf)
	s := r.Signatures[0]
	if s.Reason != "Phê duyệt" || s.Name != "Trần Vĩnh Nghĩa" || s.Location != "Xã Thực Hành" || !s.ClaimedTime.Equal(q.Time) {
		t.Errorf("claims: %q %q %q %v", s.Reason, s.Name, s.Location, s.ClaimedTime)
	}
	if s.Level != "B-T" || s.Stamp == nil || s.StampProblem != nil || s.ProvenTime != s.Stamp.Time {
		t.Errorf("stamp: level %q, %v, %v, %v", s.Level, s.Stamp, s.StampProblem, s.ProvenTime)
	}
	if s.Page != 1 || s.Box.W < 49.9 || s.Box.X < 119.9 || s.Box.X > 120.1 || s.Revision != 2 || s.CoversFile || s.Kind != verify.Approval {
		t.Errorf("place: page %d, %v, revision %d, covers %v, %s", s.Page, s.Box, s.Revision, s.CoversFile, s.Kind)
	}
	if s.Signer.Subject.CommonName != "Trần Vĩnh Nghĩa" || len(s.Chain) != 3 {
		t.Errorf("signer %v, chain of %d", s.Signer.Subject, len(s.Chain))
	}
	second := r.Signatures[1]
	if second.Level != "B-B" || !second.CoversFile || second.End != int64(len(pdf)) || second.Revision != 3 || r.Revisions != 3 || len(second.Locks) == 0 {
		t.Errorf("second signature: %+v", second)
	}
	if got := judge(t, blank()).Verdict(); got != verify.Unsigned {
		t.Errorf("no signature: %s", got)
	}
}

// withFields is the blank document with an empty text field So, one named Ghi
// with a separate widget, and an empty signature field Ky, made before any signature.
func withFields() []byte { return withContents("5 0 R") }

// withContents is withFields with another value of /Contents on page 1.
func withContents(contents string) []byte {
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 7 0 R>>>>/Contents %s%s>>"
	stream := func(s string) string { return "<</Length " + itoa(len(s)) + ">>\nstream\n" + s + "\nendstream" }
	return build(
		"<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
		sprintf(page, contents, "/Annots[10 0 R 12 0 R 13 0 R]"), sprintf(page, "6 0 R", ""),
		stream("BT /F1 24 Tf 72 700 Td (Mot) Tj ET"), stream("BT /F1 24 Tf 72 700 Td (Hai) Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Title(Bieu mau)>>",
		"<</Fields[10 0 R 11 0 R 13 0 R]/DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[100 100 200 120]/P 3 0 R/F 4/AP<</N 14 0 R>>>>",
		"<</FT/Tx/T(Ghi)/Kids[12 0 R]>>",
		"<</Type/Annot/Subtype/Widget/Parent 11 0 R/Rect[100 200 200 220]/P 3 0 R/F 4/AP<</N 15 0 R>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/Rect[300 100 400 150]/P 3 0 R/F 4>>",
		"<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 0>>\nstream\n\nendstream",
		"<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 0>>\nstream\n\nendstream",
	)
}
