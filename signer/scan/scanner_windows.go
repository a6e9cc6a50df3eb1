package scan

import "context"

// NewScanner is the scanner access of this system. On Windows it is to be WIA
// 2.0, which is not there yet: every call returns ErrNoWIA.
func NewScanner() Scanner { return wia{} }

type wia struct{}

func (wia) Devices(context.Context) ([]Device, error) { return nil, ErrNoWIA }

func (wia) Scan(context.Context, string, Settings, string, func(string) error) error { return ErrNoWIA }
