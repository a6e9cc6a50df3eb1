package token

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/pkcs11"

	"antin/signer/worker"
)

func TestSentinelsSurviveThePipe(t *testing.T) {
	for code, sentinel := range codes {
		sent := &Error{Err: sentinel, Function: "C_Login", CKR: 0xA0, PIN: &PINState{Set: true, Low: true}, Text: "x"}
		var f *worker.Failure
		if !errors.As(failure(fmt.Errorf("on the way: %w", sent)), &f) || f.Code != code {
			t.Errorf("%v travels as %+v, want code %q", sentinel, f, code)
			continue
		}
		got := received(f)
		if diff := cmp.Diff(sent, got, cmp.Comparer(func(a, b error) bool { return a == b })); diff != "" && got.Error() != sent.Error() {
			t.Errorf("(-sent +received):\n%s", diff)
		}
		if !errors.Is(got, sentinel) {
			t.Errorf("%v arrives as %v", sentinel, got)
		}
	}
}

// A sentinel without a code would arrive as ErrDriver.
func TestEverySentinelHasACode(t *testing.T) {
	file, err := parser.ParseFile(gotoken.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Err") {
			names = append(names, v.Names[0].Name)
		}
		return true
	})
	if len(names) != len(codes) {
		t.Errorf("%d sentinels (%v), %d codes: give each its own", len(names), names, len(codes))
	}
}

func TestReturnValues(t *testing.T) {
	for _, tc := range []struct {
		rv   uint
		text string
		want error
	}{
		{pkcs11.CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT (0xA0)", ErrPINWrong},
		{pkcs11.CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE (0xA2)", ErrPINFormat},
		{pkcs11.CKR_PIN_LOCKED, "CKR_PIN_LOCKED (0xA4)", ErrPINLocked},
		{pkcs11.CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED (0x32)", ErrRemoved},
		{pkcs11.CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED (0x6)", ErrDriver},
		{pkcs11.CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED (0x50)", ErrCancelled},
		{0x80000113, "CKR_VENDOR_DEFINED+0x113 (0x80000113)", ErrDriver},
		{0x7FF, "CKR (0x7FF)", ErrDriver},
	} {
		err := failed("C_Login", pkcs11.Error(tc.rv))
		if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), "C_Login: "+tc.text) {
			t.Errorf("0x%X: %v, want %v with %q", tc.rv, err, tc.want, tc.text)
		}
	}
}

func TestCheckPIN(t *testing.T) {
	for _, tc := range []struct {
		pin string
		ok  bool
	}{
		{"1234", true},
		{"Mat khau 2026!", true},
		{strings.Repeat("9", 32), true},
		{"123", false},
		{strings.Repeat("9", 33), false},
		{"mậtkhẩu1", false}, // an input method was on
		{"12\t34", false},
		{"", false},
	} {
		if err := CheckPIN([]byte(tc.pin)); (err == nil) != tc.ok || err != nil && !errors.Is(err, ErrPINFormat) {
			t.Errorf("CheckPIN(%q) = %v", tc.pin, err)
		}
	}
}

func TestClean(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"VGCA Token      ", "VGCA Token"},
		{"VGCA\x00\x00rubbish", "VGCA"},
		{"Nguyễn Thị Phương Thảo"[:20], "Nguyễn Thị Phư"}, // cut within a letter
		{"Nguy\xe9n", "Nguy\uFFFDn"},                      // a code page
		{"an\u202Etàisản", "antàisản"},                    // direction override
		{"a\nb\x1b[31m", "ab[31m"},
		{"\xff\xff\xff\xff", "\uFFFD"},
		{"", ""},
	} {
		got := clean(tc.in)
		if got != tc.want || !utf8.ValidString(got) {
			t.Errorf("clean(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}
