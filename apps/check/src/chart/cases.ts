/** Values of one installation: files of ops/helm/values on top of minimal.yaml. */
export type ValueSet = { readonly name: string; readonly files: readonly string[] }

const parts = ['ingress', 'keda', 'backup', 'monitoring', 'smoke-sale'] as const

export const valueSets: readonly ValueSet[] = [
  { name: 'minimal', files: [] },
  ...parts.map((part) => ({ name: part, files: [part] })),
  { name: 'everything', files: parts },
]

/** Values that must be refused, with the sentence that says why. */
export type Refusal = {
  readonly name: string
  readonly files?: readonly string[]
  readonly set: readonly string[]
  readonly says: RegExp
}

/** Refusals of values that no installation may have. */
const refusals: readonly Refusal[] = [
  {
    name: 'a setting that no service declares',
    set: ['settings.ledger.NO_SUCH_SETTING=1'],
    says: /NO_SUCH_SETTING.*not allowed/,
  },
  {
    name: 'a setting out of its bounds',
    set: ['settings.ledger.PREFETCH=0'],
    says: /PREFETCH.*minimum/,
  },
  {
    name: 'a setting that the chart gives',
    set: ['settings.gateway.PORT=80'],
    says: /PORT.*not allowed/,
  },
  {
    name: 'a secret among the settings',
    set: ['settings.common.SERVICE_TOKEN=abc'],
    says: /SERVICE_TOKEN.*not allowed/,
  },
  {
    name: 'another number of partitions',
    set: ['partitions=8'],
    says: /partitions.*must be 16/,
  },
  {
    name: 'more ledgers than partitions',
    set: ['ledger.replicas=17'],
    says: /ledger\/replicas.*16/,
  },
  {
    name: 'no carrier',
    set: ['settings.adapter.TPAGA_BASE_URL=null'],
    says: /TPAGA_BASE_URL/,
  },
  {
    name: 'no images',
    set: ['image.prefix='],
    says: /image\.prefix is empty/,
  },
  {
    name: 'two catalogues',
    set: ['catalogue.existingConfigMap=shops'],
    says: /give either catalogue\.text/,
  },
  {
    name: 'two ways of checking tokens',
    set: ['settings.gateway.JWT_JWKS_URI=https://identity.example/keys'],
    says: /give either secrets\.gateway\.JWT_SECRET/,
  },
  {
    name: 'a gateway more patient than the ledger',
    set: ['settings.gateway.ACCEPT_UNTIL_MS=12000'],
    says: /would refuse every sale as expired/,
  },
  {
    name: 'services that bear clocks differently apart',
    set: ['settings.adapter.CLOCK_SKEW_MS=3000'],
    says: /all three services need the same/,
  },
  {
    name: 'an ingress without a certificate',
    files: ['ingress'],
    set: ['ingress.tlsSecret='],
    says: /ingress\.tlsSecret is empty/,
  },
  {
    name: 'an ingress that gives up before the gateway',
    files: ['ingress'],
    set: ['ingress.timeoutSeconds=30'],
    says: /timeoutSeconds.*40/,
  },
  {
    name: 'replicas that KEDA owns',
    files: ['keda'],
    set: ['ledger.replicas=3'],
    says: /ledger\.replicas and keda\.enabled exclude each other/,
  },
  {
    name: 'more scaled ledgers than partitions',
    files: ['keda'],
    set: ['keda.ledger.max=17'],
    says: /keda\/ledger\/max.*16/,
  },
  {
    name: 'KEDA without the broker',
    files: ['keda'],
    set: ['keda.managementUrl.name='],
    says: /keda\.managementUrl\.name is empty/,
  },
  {
    name: 'a backup that nothing encrypts',
    files: ['backup'],
    set: ['backup.recipients='],
    says: /recipients.*array/,
  },
  {
    name: 'a number of backups that is none',
    files: ['backup'],
    set: ['backup.keep.daily=-1'],
    says: /daily.*minimum/,
  },
  {
    name: 'a backup without its access key',
    files: ['backup'],
    set: ['backup.secrets.RCLONE_CONFIG.name='],
    says: /backup\.secrets\.RCLONE_CONFIG\.name is empty/,
  },
  {
    name: 'alerts without runbooks',
    files: ['monitoring'],
    set: ['monitoring.runbookBaseUrl='],
    says: /monitoring\.runbookBaseUrl is empty/,
  },
  {
    name: 'a smoke sale by nobody',
    files: ['smoke-sale'],
    set: ['smokeSale.user=0'],
    says: /smokeSale\.user is empty/,
  },
]

/** All refusals: those above, and one for each secret that a service needs. */
export const refusalsWith = (secrets: readonly string[]): readonly Refusal[] => [
  ...refusals,
  ...secrets.map((path) => ({
    name: `no secret for ${path}`,
    set: [`secrets.${path}.name=`],
    says: new RegExp(`secrets\\.${path.replace('.', '\\.')}\\.name is empty: name the Secret`),
  })),
]
