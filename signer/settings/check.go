package settings

import (
	"errors"
	"fmt"
	"path/filepath"
)

// ValueError tells which value cannot be used. It is ErrValue.
type ValueError struct {
	Field string // its name in the file, such as tsa
	Value string
}

func (e *ValueError) Error() string { return fmt.Sprintf("%v: %s = %q", ErrValue, e.Field, e.Value) }

// Unwrap makes it ErrValue.
func (e *ValueError) Unwrap() error { return ErrValue }

// Limits of what is drawn on a page, in mm.
const (
	MinDiameter, MaxDiameter = 20, 60  // of a seal, as in the layout profiles
	MinSide, MaxSide         = 5, 200  // of a signature image
	MinText, MaxText         = 50, 300 // percent
)

// Check tells what is wrong with the values, as one *ValueError each; nil when
// all can be used. The language, theme and role of a newer version are no
// mistakes: they count as not set.
func (s *Settings) Check() error {
	var errs []error
	wrong := func(field string, value any) { errs = append(errs, &ValueError{field, fmt.Sprint(value)}) }
	if s.TSA != "" {
		_, err := server("tsa", s.TSA, "http", "https")
		errs = append(errs, err)
	}
	if s.Proxy != "" && s.Proxy != NoProxy {
		_, err := server("proxy", s.Proxy, "http", "https", "socks5")
		errs = append(errs, err)
	}
	if s.Output != "" && !filepath.IsAbs(s.Output) {
		wrong("output", s.Output)
	}
	for field, paths := range map[string][]string{"modules": s.Modules, "trust": s.Trust} {
		for _, p := range paths {
			if !filepath.IsAbs(p) {
				wrong(field, p)
			}
		}
	}
	if t := s.Window.TextSize; t != 0 && (t < MinText || t > MaxText) {
		wrong("window.text_size", t)
	}
	for _, c := range s.Certificates {
		if c.Diameter != 0 && !(c.Diameter >= MinDiameter && c.Diameter <= MaxDiameter) {
			wrong("diameter", c.Diameter)
		}
		for field, side := range map[string]float64{"width": c.Width, "height": c.Height} {
			if side != 0 && !(side >= MinSide && side <= MaxSide) {
				wrong(field, side)
			}
		}
	}
	return errors.Join(errs...)
}
