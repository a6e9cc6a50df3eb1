package words_test

import (
	"testing"

	"antin/app/words"
	"antin/signer"
	"antin/signer/verify"
)

// A person reads what a field of ours is for, never its name.
func TestChangeOfOwnFields(t *testing.T) {
	for _, c := range []struct{ field, filled, locked string }{
		{signer.NumberField, "ghi số văn bản, trang 1", "ô đã khoá bị sửa: số văn bản, trang 1"},
		{signer.OrdinalField, "ghi số thứ tự trong số văn bản, trang 1", "ô đã khoá bị sửa: số thứ tự trong số văn bản, trang 1"},
		{signer.DateField, "ghi ngày văn bản, trang 1", "ô đã khoá bị sửa: ngày văn bản, trang 1"},
		{signer.DayField, "ghi ngày trong dòng ngày, tháng, năm, trang 1", "ô đã khoá bị sửa: ngày trong dòng ngày, tháng, năm, trang 1"},
		{signer.MonthField, "ghi tháng trong dòng ngày, tháng, năm, trang 1", "ô đã khoá bị sửa: tháng trong dòng ngày, tháng, năm, trang 1"},
		{signer.YearField, "ghi năm trong dòng ngày, tháng, năm, trang 1", "ô đã khoá bị sửa: năm trong dòng ngày, tháng, năm, trang 1"},
		{signer.UrgencyField, "ghi dấu chỉ mức độ khẩn, trang 1", "ô đã khoá bị sửa: dấu chỉ mức độ khẩn, trang 1"},
		{"Khac", "điền ô \"Khac\", trang 1", "ô đã khoá bị sửa \"Khac\", trang 1"},
	} {
		for kind, want := range map[verify.ChangeKind]string{verify.FilledField: c.filled, verify.ChangedLocked: c.locked} {
			if got := words.Vietnamese.Change(&verify.Report{}, verify.Change{Kind: kind, Field: c.field, Page: 1}); got != want {
				t.Errorf("%s: %q, want %q", c.field, got, want)
			}
		}
	}
}
