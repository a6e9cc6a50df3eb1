package words_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/token"
	"antin/signer/worker"

	"github.com/google/go-cmp/cmp"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want words.Language
	}{
		{map[string]string{"LANG": "vi_VN.UTF-8"}, words.Vietnamese},
		{map[string]string{"LANG": "vi"}, words.Vietnamese},
		{map[string]string{"LANG": "VI-vn"}, words.Vietnamese},
		{map[string]string{"LANG": "en_US.UTF-8"}, words.English},
		{map[string]string{"LANG": "vic"}, words.English},
		{map[string]string{"LANG": "C"}, words.English},
		{map[string]string{"LC_MESSAGES": "vi_VN", "LANG": "en_US"}, words.Vietnamese},
		{map[string]string{"LC_ALL": "en_US", "LC_MESSAGES": "vi_VN", "LANG": "vi_VN"}, words.English},
	} {
		if got := words.Choose(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %q, want %q", c.env, got, c.want)
		}
	}
}

// What is told is the nearest to a person's next step, however the errors are
// wrapped.
func TestCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("logging in: %w", token.ErrPINWrong), "KS-110"},
		{&token.Error{Err: token.ErrPINLocked}, "KS-112"},
		{&token.SelectionError{Err: token.ErrAmbiguous}, "KS-104"},
		{fmt.Errorf("%w: %w", token.ErrDriver, worker.ErrCrashed), "KS-120"},
		{worker.ErrCrashed, "KS-701"},
		{fmt.Errorf("%w: %w", signer.ErrCannotPut, syscall.ENOSPC), "KS-613"},
		{fmt.Errorf("%w: %w", signer.ErrCannotPut, fs.ErrPermission), "KS-612"},
		{fmt.Errorf("%w: %w", signer.ErrBrokenSignature, cms.ErrDigestMismatch), "KS-331"},
		{errors.Join(token.ErrNoToken, token.ErrDriver), "KS-102"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, "KS-614"},
		{context.Canceled, "KS-620"},
		{errors.New("anything else"), "KS-799"},
	} {
		if got := words.Code(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}

func TestExplain(t *testing.T) {
	err := fmt.Errorf("signing: %w", &token.Error{Err: token.ErrPINWrong, Function: "C_Login", CKR: 0xa0, PIN: &token.PINState{FinalTry: true}})
	var out bytes.Buffer
	words.Vietnamese.Write(&out, words.Vietnamese.Explain(err))
	want := strings.TrimPrefix(`
KS-110 Mã PIN chưa đúng.
  Sai 3 lần liên tiếp USB ký số có thể bị khoá. Chương trình không tự thử lại.
  gợi ý: CHỈ CÒN 1 LẦN NHẬP. Nếu không chắc, hãy dừng lại.
  gợi ý: Kiểm tra Caps Lock và tắt bộ gõ tiếng Việt rồi nhập lại.
  gợi ý: Nếu không nhớ chắc, hãy dừng và liên hệ cán bộ CNTT.
  chi tiết: `, "\n") + err.Error() + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	english := words.English.Explain(err)
	if english.What != "The PIN is wrong." || english.Code != "KS-110" {
		t.Errorf("%+v", english)
	}
}

// Times are those of Vietnam, whatever the zone of the machine.
func TestTime(t *testing.T) {
	at := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC)
	if got, want := words.Vietnamese.Time(at), "06:30:00 22/11/2026 (+07:00)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := words.English.Date(at), "2026-11-22"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNumber(t *testing.T) {
	if vi, en := words.Vietnamese.Number(36.04), words.English.Number(36); vi != "36,0" || en != "36.0" {
		t.Errorf("%q, %q", vi, en)
	}
}

func ExampleLanguage_Explain() {
	l := words.English
	p := l.Explain(fmt.Errorf("output: %w", signer.ErrExists))
	p.Detail = ""
	l.Write(os.Stdout, p)
	// Output:
	// KS-610 The output file exists.
	//   The program never replaces a file.
	//   hint: Choose another name with --out, or move the old file away.
}
