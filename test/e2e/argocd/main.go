// Brings the objects of standard input into a cluster as Argo CD does: with the engine by which its application controller syncs.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	objects, err := kube.SplitYAML(text)
	if err != nil {
		return err
	}
	quiet := logr.Discard()
	// Whatever carries the label belongs to the application, and is pruned once it is no longer given.
	own := cache.SetPopulateResourceInfoHandler(func(object *unstructured.Unstructured, _ bool) (any, bool) {
		isOwn := object.GetLabels()["app.kubernetes.io/managed-by"] == "tierwall"
		return isOwn, isOwn
	})
	live := cache.NewClusterCache(config, cache.SetLogr(quiet), own)
	if err := live.EnsureSynced(); err != nil {
		return err
	}
	kubectl := &kube.KubectlCmd{Log: quiet, Tracer: tracing.NopTracer{}}
	background := metav1.DeletePropagationBackground // nothing here ends deletions in the foreground
	isOwn := func(resource *cache.Resource) bool { return resource.Info == true }
	phase, message, results, started := common.OperationRunning, "", []common.ResourceSyncResult{}, metav1.Now()
	for !phase.Completed() {
		managed, err := live.GetManagedLiveObjs(objects, isOwn)
		if err != nil {
			return err
		}
		before := sync.WithInitialState(phase, message, results, started)
		state := sync.Reconcile(objects, managed, "default", live)
		next, cleanup, err := sync.NewSyncContext("", state, config, config, kubectl, "default", live.GetOpenAPISchema(),
			before, sync.WithPrune(true), sync.WithPrunePropagationPolicy(&background), sync.WithLogr(quiet))
		if err != nil {
			return err
		}
		next.Sync()
		phase, message, results = next.GetState()
		cleanup()
		time.Sleep(200 * time.Millisecond)
	}
	if !phase.Successful() {
		return fmt.Errorf("%s: %s %v", phase, message, results)
	}
	return nil
}
