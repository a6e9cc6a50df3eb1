package pin

import (
	"context"
	"errors"
	"strings"
	"testing"

	"antin/signer/token"

	"fyne.io/fyne/v2"
)

func changed(t *testing.T, s token.PINState) *desk {
	t.Helper()
	return call(t, Request{}, func(ctx context.Context, a *Asker) (got answer) {
		got.pin, got.next, got.confirmed, got.err = a.Change(ctx, token.Token{Label: "VGCA", Serial: "0123", PIN: s})
		return got
	})
}

func (d *desk) fill(texts ...string) {
	d.t.Helper()
	for i, text := range texts {
		d.window.Canvas().Focus(d.asker.fields[i])
		d.key(fyne.KeyDelete)
		d.write(text)
	}
}

func TestChange(t *testing.T) {
	d := changed(t, token.PINState{Set: true, MustChange: true, Min: 6, Max: 16}).step()
	for _, c := range []struct {
		old, next, again, want string
	}{
		{"123", "654321", "654321", "ít nhất 4 ký tự"},
		{"1234", "65432", "65432", "ít nhất 6 ký tự"},
		{"1234", "654321", "654322", "không giống nhau"},
	} {
		d.fill(c.old, c.next, c.again)
		d.key(fyne.KeyReturn)
		if len(d.result) != 0 || !strings.Contains(d.texts(), c.want) {
			t.Fatalf("%+v: %q is not in\n%s", c, c.want, d.texts())
		}
	}
	d.fill("1234", "654321", "654321")
	fields := d.asker.fields
	d.key(fyne.KeyReturn)
	got := d.answered()
	if string(got.pin) != "1234" || string(got.next) != "654321" || got.err != nil {
		t.Errorf("answer %q, %q, %v", got.pin, got.next, got.err)
	}
	for i, f := range fields {
		if f.typed != [longest]byte{} {
			t.Errorf("field %d keeps %q", i, f.typed)
		}
	}
}

func TestChangeRefusals(t *testing.T) {
	for want, s := range map[error]token.PINState{token.ErrPINLocked: {Set: true, Locked: true}, token.ErrPINNotSet: {}} {
		if got := changed(t, s).answered(); !errors.Is(got.err, want) {
			t.Errorf("error %v, want %v", got.err, want)
		}
	}
}

func TestChangeGivenUp(t *testing.T) {
	d := changed(t, token.PINState{Set: true, FinalTry: true}).step()
	d.press("Tôi chắc chắn")
	d.fill("1234", "654321")
	fields := d.asker.fields
	d.key(fyne.KeyEscape)
	if got := d.answered(); !errors.Is(got.err, token.ErrCancelled) || got.pin != nil || got.next != nil {
		t.Errorf("answer %q, %q, %v", got.pin, got.next, got.err)
	}
	for i, f := range fields {
		if f.typed != [longest]byte{} {
			t.Errorf("field %d keeps %q", i, f.typed)
		}
	}
}

func TestChangeOnThePad(t *testing.T) {
	d := changed(t, token.PINState{Set: true, Pad: true}).step()
	if got := d.answered(); got.err != nil || got.pin != nil {
		t.Errorf("answer %q, %v", got.pin, got.err)
	}
	if !strings.Contains(d.texts(), "trên thiết bị") {
		t.Error(d.texts())
	}
}
