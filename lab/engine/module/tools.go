//go:build tools

// Package engine exists so that `go mod tidy` keeps the module graph of the engine's command.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
