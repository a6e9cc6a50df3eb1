//go:build !windows && !(cgo && (linux || darwin))

package reader

import "errors"

func openService() (service, error) { return nil, errors.New("not built for this system") }
