package gui

import (
	"fmt"
	"strings"
	"testing"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// The header tells what is plugged in, with a sign.
func TestTokenLine(t *testing.T) {
	ok := token.PINState{Set: true}
	for name, c := range map[string]struct {
		state frame.TokenState
		want  string // a part of the line
	}{
		"looking":     {frame.TokenState{Looking: true}, words.Vietnamese.Text("token.looking")},
		"no driver":   {frame.TokenState{Problem: token.ErrNoModule}, words.Vietnamese.Text("token.no-driver")},
		"none":        {frame.TokenState{Problem: token.ErrNoToken}, words.Vietnamese.Text("token.none")},
		"empty":       {frame.TokenState{Tokens: []token.Token{{Label: "x"}}}, words.Vietnamese.Text("token.empty")},
		"one":         {frame.TokenState{Tokens: []token.Token{tokenOf("An", 364, ok)}}, "An (còn 364 ngày)"},
		"soon":        {frame.TokenState{Tokens: []token.Token{tokenOf("An", 29, ok)}}, "An – chỉ còn 29 ngày"},
		"thirty days": {frame.TokenState{Tokens: []token.Token{tokenOf("An", 30, ok)}}, "An (còn 30 ngày)"},
		"expired":     {frame.TokenState{Tokens: []token.Token{tokenOf("An", -2, ok)}}, "hết hạn"},
		"locked":      {frame.TokenState{Tokens: []token.Token{tokenOf("An", 364, token.PINState{Set: true, Locked: true})}}, "khoá"},
		"several":     {frame.TokenState{Tokens: []token.Token{tokenOf("An", 364, ok), tokenOf("Dấu", 364, ok)}}, "2 chứng thư"},
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, settings.Settings{Role: settings.Officer})
			x.devices.set(c.state)
			if !strings.Contains(x.head.token.Text, c.want) || x.head.token.Icon == nil {
				t.Errorf("%q, want %q and a sign", x.head.token.Text, c.want)
			}
		})
	}
}

// With the tokens of several people in the machine, the line is about the one that
// the role signs with, and about the one with a fault.
func TestTokenLineOfTheRole(t *testing.T) {
	ok := token.PINState{Set: true}
	leader, seal := tokenOf("Nguyễn Văn An", 364, ok), tokenOf("Ủy ban nhân dân xã Bình Minh", 300, ok)
	for name, c := range map[string]struct {
		role   settings.Role
		tokens []token.Token
		want   string // a part of the line
	}{
		"leader":               {settings.Leader, []token.Token{seal, leader}, "Nguyễn Văn An (còn 364 ngày)"},
		"clerk":                {settings.Clerk, []token.Token{leader, seal}, "Ủy ban nhân dân xã Bình Minh (còn 300 ngày)"},
		"only another's":       {settings.Leader, []token.Token{seal}, "Ủy ban nhân dân xã Bình Minh (còn 300 ngày)"},
		"a role without":       {settings.Check, []token.Token{leader, seal}, "2 chứng thư"},
		"the other's fault":    {settings.Leader, []token.Token{tokenOf("Ủy ban nhân dân xã Bình Minh", -1, ok), leader}, "Nguyễn Văn An (còn 364 ngày)"},
		"one of two ends soon": {settings.Leader, []token.Token{leader, tokenOf("Trần Thị Bình", 3, ok)}, "Trần Thị Bình – chỉ còn 3 ngày"},
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, settings.Settings{Role: c.role})
			x.devices.set(frame.TokenState{Tokens: c.tokens})
			if !strings.Contains(x.head.token.Text, c.want) {
				t.Errorf("%q, want %q", x.head.token.Text, c.want)
			}
		})
	}
}

// A long name is cut, not what is said of it, and no name makes the window wider.
func TestTokenLineOfALongName(t *testing.T) {
	const name = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Quảng Ninh"
	for _, size := range []int{100, 150, 200} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			x := open(t, settings.Settings{Role: settings.Clerk, Window: settings.Window{TextSize: size}})
			x.show(&busy{content: container.NewStack()})
			x.Window.Window.Resize(fyne.NewSize(1180, 690))
			plug(x.devices, tokenOf(name, 20, token.PINState{Set: true}))
			layOut(x.Window.Window.Content())
			if text := x.head.token.Text; !strings.HasPrefix(text, "Văn") || !strings.HasSuffix(text, "… – chỉ còn 20 ngày") {
				t.Errorf("%q", text)
			}
			if least := x.Window.Window.Content().MinSize().Width; least > 1180 {
				t.Errorf("the window has to be %.0f wide", least)
			}
			if b := x.head.token; b.Size().Width < b.MinSize().Width {
				t.Errorf("the button is %.0f wide and needs %.0f", b.Size().Width, b.MinSize().Width)
			}
			x.Window.Window.Resize(fyne.NewSize(3000, 690))
			layOut(x.Window.Window.Content())
			if !strings.HasPrefix(x.head.token.Text, name) {
				t.Errorf("with all the room there is: %q", x.head.token.Text)
			}
		})
	}
}
