export const zones = ['a', 'b', 'c']
const nodesOfZone = 2
export const nodeCount = zones.length * nodesOfZone

const room = { cpu: '4', memory: '8Gi', pods: '110' }

/** Nodes without a machine. As a kubelet would, they register with their room and labels. */
export const simulatedNodes = zones.flatMap((zone) =>
  Array.from({ length: nodesOfZone }, (_, index) => {
    const name = `node-${zone}${index + 1}`
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'topology.kubernetes.io/zone': zone,
        },
      },
      status: { allocatable: room, capacity: room },
    }
  }),
)

type Match = {
  readonly key: string
  readonly operator: 'Exists' | 'DoesNotExist' | 'In' | 'NotIn'
  readonly values?: readonly string[]
}

const stage = (
  kind: 'Node' | 'Pod',
  name: string,
  matchExpressions: readonly Match[],
  next: object,
  delay?: object,
) => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind },
    selector: { matchExpressions },
    ...(delay && { delay }),
    next,
  },
})

const lives: Match = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }
const isReady = '.status.conditions.[] | select( .type == "Ready" ) | .status'
const phaseIs = (phase: string): Match => ({
  key: '.status.phase',
  operator: 'In',
  values: [phase],
})

/** Steps of a pod's life take their time, so that a rollout can be watched. */
const startDelay = { durationMilliseconds: 1_500, jitterDurationMilliseconds: 3_000 }
const endDelay = { durationMilliseconds: 1_000 }

const container = (ready: boolean, state: string) => `
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: ${ready}
  restartCount: 0
  state:
    ${state}
{{ end }}`

/** The states that kwok gives nodes and pods instead of a kubelet. Pods that are not restarted end well. */
export const stages = [
  stage('Node', 'node-ready', [{ key: isReady, operator: 'NotIn', values: ['True'] }], {
    statusTemplate: `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
phase: Running
`,
  }),
  stage(
    'Pod',
    'pod-ready',
    [lives, phaseIs('Pending')],
    {
      statusTemplate: `
{{ $now := Now }}
conditions:
{{ range list "Initialized" "ContainersReady" "Ready" }}
- lastTransitionTime: {{ $now | Quote }}
  status: "True"
  type: {{ . | Quote }}
{{ end }}
${container(true, 'running: { startedAt: {{ $now | Quote }} }')}
podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`,
    },
    startDelay,
  ),
  stage(
    'Pod',
    'pod-complete',
    [lives, phaseIs('Running'), { key: '.spec.restartPolicy', operator: 'In', values: ['Never'] }],
    {
      statusTemplate: `
{{ $now := Now }}
${container(
  false,
  'terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }',
)}
phase: Succeeded
`,
    },
    endDelay,
  ),
  stage(
    'Pod',
    'pod-delete',
    [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }],
    { delete: true },
    endDelay,
  ),
]
