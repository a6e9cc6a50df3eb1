package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/token"
	"antin/signer/trust"
)

// Files of the demo for its window: a configuration of its own, so that the
// user's is not touched, and the script that opens it.
const (
	demoConfig = "thiet-lap"
	demoScript = "mo-cua-so.sh"
)

// makeWindow prepares the window: pictures and sizes belong to their
// certificates, the demo's authority is trusted, the unsigned decision is at hand.
// It is for Linux, where a variable names the folder of settings.
func (d *demo) makeWindow(context.Context) error {
	if runtime.GOOS != "linux" {
		return nil
	}
	s := &settings.Settings{
		Role: settings.Leader, Agency: d.c.words.Text("demo.organisation"), Certificates: map[string]settings.Certificate{},
		Window: settings.Window{ToursSeen: []settings.Role{settings.Leader}},
		Recent: []settings.Recent{{Path: d.path(demoDecision), State: "opened", At: time.Now().Format(time.RFC3339)}},
	}
	roles := map[string]report.Role{} // whose they are, for the check of what arrives
	for i, cert := range d.certificates {
		sha := token.Certificate{X509: cert}.SHA256()
		roles[sha] = report.Organisation
		if i == 0 {
			roles[sha] = report.Person
			s.Certificates[sha] = settings.Certificate{Name: d.c.words.Text("demo.leader"), Picture: d.path(demoPicture), Whose: "person"}
		} else {
			s.Certificates[sha] = settings.Certificate{Name: d.c.words.Text("demo.organisation"), Picture: d.path(demoSeal), Diameter: 36, Whose: "organisation"}
		}
	}
	if err := s.Save(d.path(demoConfig, "antin", "settings.json")); err != nil {
		return err
	}
	said, err := json.MarshalIndent(roles, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.path(demoConfig, "antin", "roles.json"), append(said, '\n'), 0o600); err != nil {
		return err
	}
	v, err := trust.OpenVault(d.path(demoConfig, "antin", "trust"))
	if err != nil {
		return err
	}
	if _, err := v.Import(d.path(demoPKI)); err != nil {
		return err
	}
	if err := v.Trust(d.office.Chain()[1]); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	script := []string{"#!/bin/sh"}
	for _, v := range [][2]string{{"SOFTHSM2_CONF", d.conf}, {"XDG_CONFIG_HOME", d.path(demoConfig)}, {"XDG_CACHE_HOME", d.path(demoConfig, "cache")}} {
		script = append(script, "export "+v[0]+"="+quoted(v[1]))
	}
	script = append(script, "exec "+quoted(exe)+` "$@"`)
	return os.WriteFile(d.path(demoScript), []byte(strings.Join(script, "\n")+"\n"), 0o700)
}

// showWindow tells how to open the window on the demo.
func (d *demo) showWindow() {
	if runtime.GOOS != "linux" {
		return
	}
	line := quoted(d.path(demoScript)) + " " + quoted(filepath.Join(d.dir, demoDecision))
	fmt.Fprintln(d.c.Stdout, d.c.words.Text("demo.window", line, d.pin))
}
