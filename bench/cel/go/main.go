// The other side of bench/cel: reads the same lines and evaluates them with cel-go, as kube-apiserver does ("kubernetes")
// or bare ("plain"). An expression that plain cel-go cannot compile is left out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"syscall"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/version"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

const (
	rounds           = 5
	roundNanoseconds = 20_000_000
)

type expression string

func (e expression) GetExpression() string  { return string(e) }
func (expression) ReturnTypes() []*cel.Type { return []*cel.Type{cel.AnyType} }

// cpu is the time of all of the process: the collector's work is part of the price.
func cpu() int64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

type compiler func(expr string) (cel.Program, error)

func kubernetesCompiler() compiler {
	base := environment.MustBaseEnvSet(version.MajorMinor(1, 36))
	return func(expr string) (cel.Program, error) {
		composed, err := plugincel.NewCompositedCompiler(base)
		if err != nil {
			return nil, err
		}
		options := plugincel.OptionalVariableDeclarations{HasParams: true}
		result := composed.CompileCELExpression(expression(expr), options, environment.StoredExpressions)
		if result.Error != nil {
			return nil, result.Error
		}
		return result.Program, nil
	}
}

func plainCompiler() compiler {
	env, err := cel.NewEnv(cel.Variable("object", cel.DynType), cel.OptionalTypes(), ext.Strings(ext.StringsVersion(2)),
		cel.CrossTypeNumericComparisons(true))
	if err != nil {
		panic(err)
	}
	return func(expr string) (cel.Program, error) {
		ast, issues := env.Compile(expr)
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		return env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	}
}

func text(value ref.Val) string {
	if s, ok := value.(types.String); ok {
		return string(s)
	}
	return fmt.Sprint(value.Value())
}

func main() {
	compile := plainCompiler()
	isKubernetes := len(os.Args) > 1 && os.Args[1] == "kubernetes"
	if isKubernetes {
		compile = kubernetesCompiler()
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	for lines.Scan() {
		var line map[string]any
		if err := utiljson.Unmarshal(lines.Bytes(), &line); err != nil {
			panic(err)
		}
		program, err := compile(line["expr"].(string))
		if err != nil {
			if isKubernetes {
				panic(err)
			}
			continue
		}
		vars := line["vars"].(map[string]any)
		if isKubernetes {
			for _, name := range []string{"oldObject", "request", "params", "namespaceObject", "variables"} {
				vars[name] = nil
			}
		}
		ctx := context.Background()
		evaluate := func() (ref.Val, error) {
			if isKubernetes {
				value, _, err := program.ContextEval(ctx, vars)
				return value, err
			}
			value, _, err := program.Eval(vars)
			return value, err
		}
		value, err := evaluate()
		shown := ""
		if err != nil {
			shown = err.Error()
		} else {
			shown = text(value)
		}
		time := func(repeats int) int64 {
			start := cpu()
			for i := 0; i < repeats; i++ {
				_, _ = evaluate()
			}
			return cpu() - start
		}
		repeats := 1
		for time(repeats) < roundNanoseconds/10 {
			repeats *= 2
		}
		repeats *= 10
		least := time(repeats)
		for round := 1; round < rounds; round++ {
			least = min(least, time(repeats))
		}
		answer, err := json.Marshal(map[string]any{"name": line["name"], "containers": line["containers"],
			"value": shown, "ns": float64(least) / float64(repeats)})
		if err != nil {
			panic(err)
		}
		fmt.Println(string(answer))
	}
}
