package verify_test

import (
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// fill gives a text field of the document a value, without a signature.
func fill(t testing.TB, pdf []byte, field string) []byte {
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) { filled(t, f, u, field) })
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
