package settings_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"antin/assets"
	"antin/signer/settings"

	"github.com/google/go-cmp/cmp"
)

// The user's own profile begins as nd30-2020; of what he sets only that is kept.
func TestOwnProfile(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	p, err := settings.Profile(assets.ProfileOwn)
	if err != nil {
		t.Fatal(err)
	}
	if own := p.Own(); len(own) != 0 {
		t.Errorf("differs at the beginning: %v", own)
	}
	p = p.Clone()
	for path, value := range map[string]string{"seal.overlap_left": "0.3", "number.style": "italic", "copy.pt": "[11,11]", "leader.width": "45"} {
		if err := p.Set(path, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Set("leader.width", ""); err != nil { // back to the decree's
		t.Fatal(err)
	}
	if err := settings.SaveProfile(p); err != nil {
		t.Fatal(err)
	}
	file, err := settings.ProfileFile()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]any
	if err := json.Unmarshal(b, &kept); err != nil {
		t.Fatal(err)
	}
	own := func(value any) any {
		return map[string]any{"value": value, "article": assets.OwnArticle, "certainty": "I"}
	}
	want := map[string]any{
		"name": "tu-chon", "title": "Tự chọn", "base": "nd30-2020", "norm": p.Norm, "editable": true,
		"seal":   map[string]any{"overlap_left": own(0.3)},
		"number": map[string]any{"style": own("italic")},
		"copy":   map[string]any{"pt": own([]any{11., 11.})},
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Error(diff)
	}
	again, err := settings.Profile(assets.ProfileOwn)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Errorf("read again:\n%s", diff)
	}
	if shipped := assets.ProfileNamed(assets.ProfileOwn); len(shipped.Own()) != 0 {
		t.Error("the shipped profile was changed")
	}
}

func TestOwnProfileRefusals(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	p := assets.ProfileNamed(assets.ProfileOwn).Clone()
	before := p.Clone()
	for _, c := range []struct {
		path, value string
		want        assets.FaultKind
	}{
		{"seal.size", "36", assets.UnknownValue},
		{"seal", "{}", assets.UnknownValue},
		{"seal.diameter", "36", assets.ForReading},
		{"leader.width", "360", assets.OutOfRange},
		{"leader.width", "large", assets.WrongKind},
		{"time.layout", "today", assets.UnknownWord},
		{"page.top", "[25,20]", assets.OutOfRange},
		{"date.style", "bold", assets.UnknownWord},
		{"copy.lines", `["signature"]`, assets.UnknownWord},
		{"authority", "[]", assets.OutOfRange},
	} {
		err := p.Set(c.path, c.value)
		wrong := (*assets.ProfileError)(nil)
		if !errors.As(err, &wrong) || !errors.Is(err, assets.ErrProfile) || len(wrong.Faults) != 1 || wrong.Faults[0].Path != c.path || wrong.Faults[0].Kind != c.want {
			t.Errorf("%s = %s: %v, want %q", c.path, c.value, err, c.want)
		}
	}
	if diff := cmp.Diff(before, p); diff != "" {
		t.Errorf("a refused value has changed something:\n%s", diff)
	}
	file, err := settings.ProfileFile()
	if err != nil {
		t.Fatal(err)
	}
	if err := settings.Write(file, []byte(`{"name":"tu-chon","base":"nd30-2020","title":5}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Profile(assets.ProfileOwn); !errors.Is(err, assets.ErrProfile) {
		t.Errorf("got %v, want ErrProfile", err)
	}
	if _, err := settings.ReadProfile(t.TempDir()); !errors.Is(err, settings.ErrFile) {
		t.Errorf("a folder: got %v, want ErrFile", err)
	}
}

// The marks of urgency of an office take the place of the decree's.
func TestOwnUrgency(t *testing.T) {
	p, err := assets.ParseProfile([]byte(`{"name":"x","title":"X","base":"nd30-2020","urgency":{"frames":{"value":{"NGAY":[20,8]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][2]float64{"NGAY": {20, 8}}, p.Urgency.Frames.Or(nil)); diff != "" {
		t.Error(diff)
	}
}

// What is set without an article is the office's own, not the decree's.
func TestProfileOfAnOffice(t *testing.T) {
	p, err := assets.ParseProfile([]byte(`{"name":"x","title":"X","base":"nd30-2020","seal":{"overlap_left":{"value":0.3}},"date":{"pt":{"value":[14,14],"article":"quy chế","certainty":"Q"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []assets.ProfileValue{
		{Path: "seal.overlap_left", Value: "0.3", Article: assets.OwnArticle, Certainty: "I"},
		{Path: "date.pt", Value: "[14,14]", Article: "quy chế", Certainty: "Q"},
	}
	if diff := cmp.Diff(want, p.Own()); diff != "" {
		t.Error(diff)
	}
}
