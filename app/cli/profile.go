package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"antin/assets"
	"antin/signer/settings"
)

// profileOf is the layout profile of a name, or of a JSON file. Errors: errForm
// for an unknown name, and those of settings.ReadProfile.
func profileOf(s string) (*assets.Profile, error) {
	if strings.HasSuffix(s, ".json") {
		return settings.ReadProfile(s)
	}
	if !slices.ContainsFunc(assets.Profiles(), func(p *assets.Profile) bool { return p.Name == s }) {
		return nil, errForm
	}
	return settings.Profile(s)
}

// profile reads the name of a layout profile, or a JSON file with one.
func (f *flags) profile(name string, to **assets.Profile) {
	f.Func(name, "", func(s string) (err error) {
		*to, err = profileOf(s)
		f.wrong = f.badProfile(name, s, err)
		return err
	})
}

// badProfile tells of a name that no profile has which there are; of a file its
// own error tells more.
func (f *flags) badProfile(name, value string, err error) error {
	if errors.Is(err, errForm) {
		return &usageError{f.words.Text("usage.value", name, value, f.words.Text("usage.form-profile"))}
	}
	return err
}

// showProfile lists the layout profiles, shows one in words, or edits the user's
// own.
func (c *command) showProfile(_ context.Context, args []string) (int, error) {
	var asJSON bool
	var changes [][2]string // item, value; "" = back to the base's
	f := c.flags("profile")
	f.BoolVar(&asJSON, "json", false, "")
	f.value("set", "usage.form-setting", func(s string) error {
		item, value, ok := strings.Cut(s, "=")
		if !ok || strings.TrimSpace(value) == "" {
			return errForm
		}
		changes = append(changes, [2]string{item, value})
		return nil
	})
	f.Func("reset", "", func(item string) error {
		changes = append(changes, [2]string{item, ""})
		return nil
	})
	names, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	switch {
	case len(names) > 1 || len(changes) > 0 && len(names) > 0:
		return exitUsage, &usageError{c.words.Text("usage.profile")}
	case len(changes) > 0:
		return c.editProfile(changes)
	case len(names) == 0:
		for _, p := range assets.Profiles() {
			fmt.Fprintln(c.Stdout, c.words.Text("profile.entry", p.Name, p.Title))
		}
		return exitDone, nil
	}
	p, err := profileOf(names[0])
	if err != nil {
		return exitUsage, f.badProfile("profile", names[0], err)
	}
	if asJSON {
		for _, v := range p.Values() {
			writeJSON(c.Stdout, profileRecord{"antin/profile/1", p.Name, v.Path, json.RawMessage(v.Value), v.Article, v.Certainty})
		}
	} else {
		c.tellProfile(p)
	}
	return exitDone, nil
}

// tellProfile shows every value of a profile in words, under its item.
func (c *command) tellProfile(p *assets.Profile) {
	fmt.Fprintf(c.Stdout, "%s\n%s\n", c.words.Text("profile.entry", p.Name, p.Title), p.Norm)
	group, differs := "", false
	for _, v := range c.words.Profile(p) {
		if v.Group != group {
			fmt.Fprintf(c.Stdout, "\n%s\n", v.Group)
			group = v.Group
		}
		sign := " "
		if v.Own {
			sign, differs = "*", true
		}
		fmt.Fprintf(c.Stdout, "%s %-24s %s\n", sign, v.Path, v)
	}
	if differs {
		fmt.Fprintf(c.Stdout, "\n%s\n", c.words.Text("profile.own", p.Base))
	}
}

// editProfile changes the user's own profile, all of it or nothing.
func (c *command) editProfile(changes [][2]string) (int, error) {
	p, err := settings.Profile(assets.ProfileOwn)
	if err != nil {
		return exitFor(err), err
	}
	p = p.Clone() // the shipped one is everybody's
	for _, change := range changes {
		if err := p.Set(change[0], change[1]); err != nil {
			return exitUsage, err
		}
	}
	if err := settings.SaveProfile(p); err != nil {
		return exitFor(err), err
	}
	file, err := settings.ProfileFile()
	if err != nil {
		return exitFor(err), err
	}
	fmt.Fprintln(c.Stdout, c.words.Text("profile.changed", p.Name, file))
	return exitDone, nil
}
