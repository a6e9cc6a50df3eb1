// Package cli is the command line of Ấn Tín: sign, issue, copy, stamp, verify, repair, register, trust,
// tokens, token, profile, demo, doctor, help and version. It reads flags, calls the use cases of package
// signer and prints what came of them; it knows no cryptography and no PDF.
//
// Results go to standard output, for people or with --json as one JSON object
// a line (records.go has their fields); messages and progress go to standard
// error, in Vietnamese when the environment asks for it and in English
// otherwise. The exit codes are:
//
//	0    done; with verify: all signatures of all files are valid
//	1    failure: file not found, disk full, a fault of the machine or program
//	2    wrong usage
//	3    refused, or a signature is invalid, or there is none
//	4    not enough is known to decide
//	5    token or PIN
//	130  stopped by Ctrl-C or a request to end; nothing is left behind
//
// With several files the worst of them counts: 1, then 5, 3, 4, 0.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"antin/app/words"
	"antin/signer/settings"
)

// Exit codes, see the package comment.
const (
	exitDone        = 0
	exitFailure     = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUndecided   = 4
	exitToken       = 5
	exitInterrupted = 130
)

// Env is the outside world of a command.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// System is the world of the running process.
func System() Env { return Env{os.Stdin, os.Stdout, os.Stderr, os.Getenv} }

// command is one run of one command.
type command struct {
	Env
	words words.Language
	set   *settings.Settings // see settings
}

// commands in the order of the help text. An error of a command is explained to
// the person; the exit code is the command's own.
var commands map[string]func(*command, context.Context, []string) (int, error)

func init() {
	commands = map[string]func(*command, context.Context, []string) (int, error){
		"sign": (*command).sign, "issue": (*command).issue, "copy": (*command).copy, "stamp": (*command).stamp, "verify": (*command).verify, "tokens": (*command).listTokens,
		"repair": (*command).repair, "trust": (*command).trust, "token": (*command).token, "demo": (*command).demo, "doctor": (*command).doctor, "register": (*command).registerCommand, "profile": (*command).showProfile, "help": (*command).help, "version": (*command).version,
	}
}

// Run carries out the command line args (without the program's name) and
// returns the exit code.
func Run(ctx context.Context, args []string, env Env) int {
	c := &command{Env: env, words: words.Choose(env.Getenv)}
	if len(args) == 0 {
		args = []string{"help"}
	}
	switch args[0] {
	case "-h", "-help", "--help":
		args = []string{"help"}
	case "-version", "--version":
		args = []string{"version"}
	}
	run, ok := commands[args[0]]
	if !ok {
		return c.complain("", c.notACommand(args[0]))
	}
	code, err := run(c, ctx, args[1:])
	var wrong *usageError
	switch {
	case errors.Is(err, flag.ErrHelp):
		code, err = c.help(ctx, args[:1])
	case errors.As(err, &wrong):
		return c.complain(args[0], wrong)
	}
	if err != nil {
		c.words.Write(c.Stderr, c.words.Explain(err))
	}
	if code != exitDone && ctx.Err() != nil {
		return exitInterrupted
	}
	return code
}

// Command tells whether word is the name of a command.
func Command(word string) bool {
	_, ok := commands[word]
	return ok
}

// notACommand is the answer to a first word that is none: a slip of the keyboard.
func (c *command) notACommand(word string) *usageError {
	names := make([]string, 0, len(commands))
	for name := range commands {
		names = append(names, name)
	}
	if near := nearest(word, names); near != "" {
		return &usageError{c.words.Text("usage.unknown-command-near", word, near)}
	}
	return &usageError{c.words.Text("usage.unknown-command", word)}
}

// complain tells that the command line is wrong.
func (c *command) complain(name string, e *usageError) int {
	fmt.Fprintf(c.Stderr, "%s: %s\n", strings.TrimSpace("antin "+name), e.text)
	fmt.Fprintf(c.Stderr, "%s %s\n", c.words.Text("problem.hint"), strings.TrimSpace("antin help "+name))
	return exitUsage
}

// help prints the text of the commands named, or the overview.
func (c *command) help(_ context.Context, args []string) (int, error) {
	if len(args) == 0 {
		fmt.Fprintln(c.Stdout, c.words.Text("help"))
		return exitDone, nil
	}
	texts := map[string]string{
		"sign": "help.sign", "issue": "help.issue", "copy": "help.copy", "stamp": "help.stamp", "verify": "help.verify", "tokens": "help.tokens",
		"repair": "help.repair", "trust": "help.trust", "token": "help.token", "demo": "help.demo", "doctor": "help.doctor", "register": "help.register", "profile": "help.profile", "help": "help", "version": "help.version",
	}
	for _, name := range args {
		text, ok := texts[name]
		if !ok {
			return exitUsage, c.notACommand(name)
		}
		fmt.Fprintln(c.Stdout, c.words.Text(text))
	}
	return exitDone, nil
}

// exitFor is the exit code that an error means.
func exitFor(err error) int {
	code := words.Code(err)
	if slices.Contains([]string{"KS-339", "KS-340"}, code) { // a flag's value
		return exitUsage
	}
	switch code[:len("KS-1")] {
	case "KS-1":
		return exitToken
	case "KS-2", "KS-3", "KS-5":
		return exitRefused
	}
	return exitFailure
}

// worse is the exit code that counts more.
func worse(a, b int) int {
	order := []int{exitDone, exitUndecided, exitRefused, exitToken, exitFailure, exitUsage, exitInterrupted}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

// problem is an error of the commands themselves, with its code.
type problem struct {
	code string
	err  error
}

func (p *problem) Error() string { return "cli: " + p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// Code is the code under which the words for this problem stand.
func (p *problem) Code() string { return p.code }

var errNotIssued = errors.New("the main document was not issued")
