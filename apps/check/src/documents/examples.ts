/** A printed command line that ends soon and changes nothing of its reader's, or one that is only parsed, for the reason given. */
type ExampleRule =
  | { readonly kind: 'run'; readonly exitCode: 0 | 1 | 2 }
  | { readonly kind: 'parse'; readonly why: string }

const run = (exitCode: 0 | 1 | 2 = 0): ExampleRule => ({ kind: 'run', exitCode })
const parse = (why: string): ExampleRule => ({ kind: 'parse', why })

const long = parse('takes minutes, or runs until it is stopped')
const install = parse('changes this checkout or its packages')
const containers = parse('needs a Docker engine and its images')
const cluster = parse('needs a Kubernetes cluster')
const destructive = parse('deletes or replaces what a stack holds')
const elsewhere = parse('a program of the reader’s own servers')
const ownTest = parse('an end-to-end test of its own runs it, with its figures and its refusals')
const placeholder = parse('its reader fills in values; the whole example stands beside it')
const tutorial = parse('a step of docs/first-sale.md, whose steps an end-to-end test runs in order')

/** Every example that a --help, a runbook, the README or a docs page prints. One that is missing here fails a test. */
export const exampleRules: Readonly<Record<string, ExampleRule>> = {
  'npm start': long,
  'npm start -- --correlation ID': long,
  'npm start -- --help': run(),
  'npm start -- --inspect ledger': long,
  'npm start -- --servers-only': long,
  'npm start -- --reset': destructive,
  'npm start -- --port-base 4000 --reset': destructive,
  'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm start': long,
  'npm run dev': long,
  'npm test': long,
  'npm ci': install,
  'npm run build': install,
  'npm run check': long,
  'npm run screen-figures': long,
  'npm run test:matrix': long,
  'npm run test:matrix -- --node 24 --servers newer': long,
  'npm run test:matrix -- --node 22 packages/messaging': long,
  'npm run openapi': install,
  'npm run documents': install,
  'npm run release -- --dry-run': run(),
  'npm run release -- --dry-run --bump patch': run(),
  'npm run release -- --bump minor --out .release': install,
  'npm run release': install,
  'git status': elsewhere,
  'git push --follow-tags': install,
  "docker build $(sed 's/^/--build-arg /' .release/build-args.env) --build-arg SERVICE=services/ledger -t recargas/ledger:X.Y.Z .":
    containers,
  'docker build --target operations --build-arg SERVICE=apps/ops -t registry.example/recargas/operations:0.1.0 .':
    containers,
  'kubectl create secret generic recargas --from-file=.secrets/': cluster,
  'helm install recargas ops/helm/recargas --namespace recargas --values my-values.yaml --set-file catalogue.text=catalogue.json --wait':
    cluster,
  'helm test recargas --namespace recargas': cluster,
  'helm upgrade recargas ops/helm/recargas --namespace recargas --reuse-values --set image.tag=0.2.0 --set gateway.tag=0.1.0 --wait':
    cluster,
  'helm upgrade recargas ops/helm/recargas --namespace recargas --reuse-values --set image.tag=0.2.0 --set gateway.tag= --wait':
    cluster,
  'npm run client:pack': install,
  'npm install /path/to/recargas-client-VERSION.tgz': install,
  'git clone': install,
  'npm run compose:secrets': containers,
  'npm run compose:smoke': containers,
  'npm run compose:smoke -- --cluster': containers,
  'docker compose -f docker-compose.yml -f docker-compose.cluster.yml up --build --wait':
    containers,
  'npm run compose:secrets && docker compose up --build --wait && docker compose run --rm demo-data':
    containers,
  'docker compose build': containers,
  'docker compose up': containers,
  'docker compose up ledger': containers,
  'docker compose up --build --wait': containers,
  'docker compose up -d --force-recreate': containers,
  'docker compose up -d <service>': containers,
  'docker compose run --rm demo-data': containers,
  'docker compose --profile observability up --wait': containers,
  'docker compose --profile backup up -d backup': containers,
  'docker compose logs backup': containers,
  'LOKI_HOST=loki.example docker compose --profile logs up -d log-shipper': containers,
  'docker compose up -d --no-deps --wait ledger': containers,
  'docker compose up -d --no-deps --wait carrier-adapter': containers,
  'docker compose up -d --no-deps --wait api-gateway': containers,
  'git fetch --tags && git checkout v0.2.0 && npm ci && npm run build': install,
  'rabbitmqctl list_feature_flags name state': elsewhere,
  'rabbitmqctl enable_feature_flag all': elsewhere,
  'docker compose down': containers,
  'docker compose ps': containers,
  'docker compose logs --tail 100 <service>': containers,
  'npm run lab -- --help': run(),
  'npm run lab -- bench --quick': long,
  'npm run lab -- chaos --profile full --seed 2': long,
  'npm run lab -- experiment outage': long,
  'npm run lab -- crash-matrix': long,
  'npm run bench': long,
  'npm run bench -- --quick': long,
  'npm run bench -- --only takeover': long,
  'npm run chaos': long,
  'npm run chaos -- --profile full --seed 2 --out docs/figures/chaos-2.json': long,
  'npm run chaos -- --sum': long,
  'npm run chaos -- --mutate': long,
  'npm run figures': long,
  'npm run figures -- carrier': long,
  'npm run figures -- outage': long,
  'npm run figures -- bulkhead': long,
  'npm run figures -- correlation': long,
  'npm run figures -- slow-clients': long,
  'npm run figures -- poison': long,
  'npm run figures -- alerts': long,
  'npm run figures -- rolling': long,
  'npm run figures -- broker-restarts': long,
  'npm run figures -- crash-matrix': long,
  'npm run fuzz:api': long,
  'npm run users': parse('changes the users of servers'),
  'node apps/check/dist/walkthrough/main.js': parse(
    'counts the page that prints it; a test does too',
  ),
  'node --max-semi-space-size=8 services/ledger/dist/main.js': long,
  'grafana cli admin reset-admin-password': elsewhere,
  'rabbitmq-diagnostics alarms': elsewhere,
  'df -h': elsewhere,
  "curl -sv -m 10 <TPAGA_BASE_URL>/merchant/balance -H 'Authorization: …'": elsewhere,
  'TOKEN=$(npm run --silent token -- --role Operador --user 2)': run(),
  'npm run ops -- catalogue check': run(),
  'npm run ops -- catalogue check catalogue.json': run(),
  'npm run --silent token -- --role Operador --user 2': run(),
  'npm run --silent token -- --merchant bogota --ttl 30m': run(),
  'curl -i localhost:3000/recargas/cliente -H "authorization: Bearer $TOKEN" -H \'content-type: application/json\' -d \'{"operadora":"Tigo","numero_cliente":"78945612","monto":10.5,"id_caja_sesion":1}\'':
    run(),
  'curl -i localhost:3000/recargas/cliente -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" -H \'X-Request-Id: caja1-000123\' -d \'{"operadora":"Tigo","numero_cliente":"78945612","monto":10.5,"id_caja_sesion":1}\'':
    run(),
  'ADMIN=$(npm run --silent token -- --role Administrador --user 1)': tutorial,
  'TOKEN=$(npm run --silent token -- --role Operador --user 3)': tutorial,
  'curl -sS localhost:3000/cajas -H "Authorization: Bearer $ADMIN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-caja\' -d \'{"nombre":"Mostrador","especialidad":"MIXTA","saldo":500}\'':
    tutorial,
  'curl -sS localhost:3000/cajas/abrir -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-open\' -d \'{"id_caja":3,"id_usuario":3,"conteo_inicial":500}\'':
    tutorial,
  'curl -sS localhost:3000/operadoras -H "Authorization: Bearer $TOKEN"': tutorial,
  'curl -sS localhost:3000/recargas/operadoras/saldos -H "Authorization: Bearer $TOKEN"': tutorial,
  'curl -i localhost:3000/recargas/cliente -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-sale-1\' -d \'{"operadora":"Tigo","numero_cliente":"78945614","monto":10.5,"id_caja_sesion":2}\'':
    tutorial,
  'curl -i localhost:3000/recargas/cliente -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-sale-2\' -d \'{"operadora":"Tigo","numero_cliente":"3110005555","monto":20,"id_caja_sesion":2}\'':
    tutorial,
  'curl -sS localhost:3000/recargas/inyeccion -H "Authorization: Bearer $ADMIN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-injection\' -d \'{"operadora_destino":"Tigo","monto":200,"id_caja_sesion":2}\'':
    tutorial,
  'curl -sS localhost:3000/cajas/movimiento -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' -H \'Idempotency-Key: tutorial-movement\' -d \'{"tipo":"EGRESO","monto":5,"motivo":"bolsas","id_sesion_caja":2}\'':
    tutorial,
  'curl -sS localhost:3000/cajas/sesion/2/balance -H "Authorization: Bearer $TOKEN"': tutorial,
  "curl -sS -X PATCH localhost:3000/cajas/sesion/2/cerrar -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -H 'Idempotency-Key: tutorial-close' -d '{\"monto_final_real\":305}'":
    tutorial,
  'curl -sS localhost:3000/cajas/sesion/2/arqueo -H "Authorization: Bearer $TOKEN"': tutorial,
  'npm run verify': run(),
  'npm run reconcile': run(1),
  'npm run --silent logs -- --correlation ID': run(),
  'npm run --silent logs -- --correlation ID [--follow]': placeholder,
  'npm run --silent logs -- --correlation 17': run(),
  'npm run --silent logs -- --correlation pos-7-000123': run(),
  'npm run --silent logs -- --service carrier-adapter --follow': long,
  'npm run ops': run(2),
  'npm run ops -- --help': run(),
  'npm run ops -- status': run(1),
  'npm run ops -- status --json': run(1),
  'npm run ops -- sale 17': run(),
  'npm run ops -- sale ID': run(),
  'npm run ops -- sale 0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11 --json': run(),
  'npm run ops -- pending': run(),
  'npm run ops -- pending --merchant principal --limit 500': run(),
  'npm run ops -- review': run(),
  'npm run ops -- resolve 17 rejected --evidence "ticket 4711" --note "by phone" --by "Ana Rojas"':
    run(),
  'npm run ops -- confirm 17 authorized --code 0041873 --by "Ana Rojas"': parse(
    'needs a shop that sells on an operator’s own phone',
  ),
  'npm run ops -- smoke-sale --operator Tigo --number 78945612 --amount 1 --user 2 --key monday':
    run(),
  'npm run ops -- confirm --help': run(),
  'npm run ops -- breaker': run(),
  'npm run ops -- operators': run(),
  'npm run ops -- operators --merchant principal': run(),
  'npm run ops -- operators --merchant bogota': run(),
  'npm run ops -- cajas': run(),
  'npm run ops -- cajas --json': run(),
  'npm run ops -- cases list': run(1),
  'npm run ops -- cases list --state all --merchant principal': run(1),
  'npm run ops -- cases show CASE': run(1),
  'npm run ops -- cases close CASE --reason "the carrier paid it back" --by "Ana Rojas"': run(),
  'npm run ops -- quarantine list': run(),
  'npm run ops -- quarantine list --messages --cause INVALID': run(),
  'npm run ops -- quarantine show ID': run(),
  'npm run ops -- quarantine show ID --json': run(),
  'npm run ops -- quarantine replay ID --by "Ana Rojas"': run(),
  'npm run ops -- quarantine replay --cause HANDLER_FAILED --dry-run --by "Ana Rojas"': run(),
  'npm run ops -- quarantine replay --cause HANDLER_FAILED --rate 20 --by "Ana Rojas"': run(),
  'npm run ops -- quarantine replay --cause CAUSE --by NAME --dry-run': placeholder,
  'npm run ops -- quarantine discard ID --reason "sent by a test" --by "Ana Rojas"': run(),
  'npm run ops -- quarantine discard ID --reason WHY --by NAME': placeholder,
  'npm run ops -- verify': run(),
  'npm run ops -- reconcile': run(1),
  'npm run ops -- selling': run(),
  'npm run ops -- selling accept --reason "the lost sale is booked" --by "Ana Rojas"': run(),
  'npm run ops -- selling accept --reason … --by …': placeholder,
  'npm run ops -- rebuild': long,
  'npm run ops -- rebuild sales': long,
  'npm run ops -- rebuild sales balances --json': long,
  'npm run ops -- backup /backups/monday': run(),
  'npm run ops -- backup /backups/2026-11-21': run(),
  'npm run ops -- backup --dir /backups/recargas': ownTest,
  'npm run ops -- backup --dir /backups/recargas --dry-run': ownTest,
  'npm run ops -- backup --dir /backups/recargas --keep-daily 7 --keep-weekly 5 --dry-run': ownTest,
  'npm run ops -- backup --dir /backups/recargas --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --metrics-file /var/lib/node_exporter/recargas.prom':
    ownTest,
  'npm run ops -- expired-backups --keep-daily 7 --keep-weekly 5': ownTest,
  'npm run ops -- drill --dir /backups/recargas': ownTest,
  'npm run ops -- drill --dir /backups/recargas --out drill.json': ownTest,
  'npm run ops -- drill --from /backups/monday': ownTest,
  'npm run ops -- drill --from FILE --identity recargas-backup.key --server mongodb://127.0.0.1:27018/?replicaSet=drill':
    ownTest,
  'npm run ops -- restore /backups/monday --replace': destructive,
  'npm run ops -- restore /backups/2026-11-21': destructive,
}
