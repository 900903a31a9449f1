import type { AddressInfo } from 'node:net'
import {
  MerchantId,
  pageSizeMax,
  type CajaWithSessions,
  type CarrierStates,
  type CaseView,
  type CloseCase,
  type FloatView,
  type HistoryQuery,
  type InjectionPage,
  type LedgerEvent,
  type MerchantId as Merchant,
  type PageQuery,
  type SellingState,
  type SessionView,
  type TopupView,
} from '@recargas/contracts'
import { createMetrics, listen, opsRoutes, silentLog } from '@recargas/runtime'
import { createAuthenticate } from '../auth/authenticate.ts'
import { createVerify } from '../auth/verify.ts'
import { settingsOf } from '../catalogue/catalogue.ts'
import { Problem } from '../api/problem.ts'
import { docsRoutes } from '../server/docs-routes.ts'
import type { Rates } from '../server/rate-limits.ts'
import { screenRoutes } from '../server/screen-routes.ts'
import { createServer } from '../server/server.ts'
import { openApiDocument } from '../openapi/document.ts'
import { everyPage } from '../openapi/public-operations.ts'
import type { SerializedCommand } from '../commands/serialize-command.ts'
import { createExecuteCommand } from '../commands/execute-command.ts'
import { createNotificationStreams } from '../notifications/notification-streams.ts'
import { createCommandSender } from '../commands/send-and-await.ts'
import { createWaiters } from '../commands/waiters.ts'
import { gatewayRoutes } from '../routes.ts'
import { createLiveShops } from '../catalogue/live-shops.ts'
import { catalogue, namespace } from './samples.ts'
import { noBundles, fakeBundles } from './bundles.ts'
import { noOperation, fakeOperation } from './operation.ts'
import { noStatements, fakeStatements } from './statements.ts'
import { createRequests } from './edge-requests.ts'
import { createRequireDeclared } from './require-declared.ts'
import { closeAtOnce, realClock as clock } from './token-fixtures.ts'
import { aToken, verifyRules } from './token.ts'

const unlimited: Rates = { windowMs: 60_000, subjectMax: 1_000_000, addressMax: 1_000_000 }

/** The gateway's real HTTP on a port of its own, with a ledger that a test fakes. */
export const startEdge = async ({
  rates = unlimited,
  screen = '/nowhere',
  issuer = null,
}: {
  readonly rates?: Rates
  readonly screen?: string
  readonly issuer?: string | null
} = {}) => {
  const waiters = createWaiters()
  const notifications = createNotificationStreams({
    clock,
    streamsMax: 100,
    newEpoch: () => '6f1f3c1a',
    reportDropped: () => undefined,
  })
  /** As from the broker. */
  const receive = (event: LedgerEvent): void => {
    waiters.receive(event)
    notifications.receive(event)
  }
  const shops = createLiveShops(catalogue)
  const published: SerializedCommand[] = []
  const fakes = {
    isReady: true,
    namespace: namespace as string | null,
    hasTokenKeys: true,
    waitingMax: 100,
    isCarrierServed: true,
    selling: null as SellingState | null,
    /** The ledger's event for a command, published at once; null publishes none. */
    ledger: (_: SerializedCommand): LedgerEvent | null => null,
    session: null as SessionView | null,
    topup: null as TopupView | null,
    /** Fingerprint of the first body that the ledger had under the id; null: the same as the last one published. */
    fingerprint: null as string | null,
    cases: [] as readonly CaseView[],
    /** Words that closed a case; the first one stands. */
    closings: [] as (CloseCase & { readonly id: string })[],
    floats: [] as readonly FloatView[],
    caja: null as CajaWithSessions | null,
    injections: {} as Partial<InjectionPage>,
    /** The sessions that come along with a page of sales. */
    sessionsOfSales: [] as readonly SessionView[],
    asked: null as PageQuery | null,
    historyQueries: [] as HistoryQuery[],
    ...noStatements(),
    ...noOperation(),
    isLedgerDown: false,
    carriers: null as CarrierStates | null,
    ...noBundles(),
    limits: { pollAfterMs: 20, pollEveryMs: 20, notAcceptedAfterMs: 100 },
  }
  const read = async <LookupResult>(found: LookupResult): Promise<LookupResult> => {
    await Promise.resolve()
    if (fakes.isLedgerDown) throw new Problem('LEDGER_UNAVAILABLE')
    return found
  }
  const page = { items: [], sessions: [], next: null, total: 0 }
  const reads = {
    topup: () => read(fakes.topup),
    operation: () =>
      read(
        fakes.topup === null
          ? ({ kind: 'absent' } as const)
          : ({
              kind: 'topup',
              fingerprint: fakes.fingerprint ?? published.at(-1)?.fingerprint ?? '',
              topup: fakes.topup,
            } as const),
      ),
    topups: (_: Merchant, query: HistoryQuery) => {
      fakes.historyQueries.push(query)
      return read({
        ...page,
        sessions: [...fakes.sessionsOfSales],
        ...(fakes.topup === null
          ? {}
          : {
              items: [fakes.topup],
              next: query.limit < pageSizeMax ? fakes.topup.id : null,
              total: 9,
            }),
      })
    },
    injections: (_: Merchant, query: HistoryQuery) => {
      fakes.historyQueries.push(query)
      return read({ ...page, ...fakes.injections })
    },
    reviews: (_: Merchant, query: PageQuery) => {
      fakes.asked = query
      return read(fakes.topup === null ? [] : [fakes.topup])
    },
    cases: (_: Merchant, query: PageQuery) => {
      fakes.asked = query
      return read(fakes.cases)
    },
    closeCase: async (id: string, word: CloseCase) => {
      fakes.closings.push({ id, ...word })
      const [found] = await read(fakes.cases)
      if (found?.id !== id || found.closing === null) return null
      return word.reason === found.closing.reason
        ? { ...found, merchant: MerchantId.parse('principal') }
        : { code: 'CASE_CLOSED' as const, closing: found.closing }
    },
    floats: () => read(fakes.floats),
    cajas: () => read(fakes.caja === null ? [] : [fakes.caja.caja]),
    caja: () => read(fakes.caja),
    session: () => read(fakes.session),
    activeSession: () => read(fakes.session),
    ...fakeStatements(fakes, read),
  }
  const { sendAndAwait, stop } = createCommandSender({
    publish: (serialized) => {
      published.push(serialized)
      const event = fakes.ledger(serialized)
      if (event !== null) setImmediate(() => receive(event))
      return Promise.resolve({ kind: 'confirmed' })
    },
    askLedger: () => (fakes.isLedgerDown ? Promise.resolve(null) : reads.operation()),
    waiters,
    clock,
    limits: {
      ...fakes.limits,
      republishAfterMs: 500,
      republishConfirmedAfterMs: 4_000,
      get waitingMax() {
        return fakes.waitingMax
      },
    },
    report: () => undefined,
  })
  const executeCommand = createExecuteCommand({
    sendAndAwait,
    namespace: () => fakes.namespace,
    shopSettings: (merchant) => settingsOf(shops, merchant),
    isReady: () => fakes.isReady,
    isCarrierServed: () => fakes.isCarrierServed,
    selling: () => Promise.resolve(fakes.selling),
    now: clock.now,
    acceptUntilMs: 10_000,
    settlementWaitMs: 200,
    report: () => undefined,
  })
  const verify = createVerify(verifyRules)
  const authenticate = createAuthenticate({
    verify: (token) => (fakes.hasTokenKeys ? verify(token) : { kind: 'keys-unavailable' as const }),
    defaultMerchant: MerchantId.parse('principal'),
    report: () => undefined,
  })
  const deps = {
    executeCommand,
    shops,
    reads,
    waiters,
    notifications,
    authenticate,
    clock,
    pollEveryMs: 20,
    isClosing: () => false,
    carrierStates: () => Promise.resolve(fakes.carriers),
    lastCarrierStates: () => Promise.resolve(fakes.carriers),
    bundles: fakeBundles(fakes),
    operation: fakeOperation(fakes),
    receiptMasksNumber: false,
    operatorMayInject: false,
    resolveFourEyes: true,
    resolutionWaitMs: 1_500,
    settlementWaitMs: 25_000,
  }
  const routes = gatewayRoutes(deps)
  const requireDeclared = createRequireDeclared(routes)
  const app = createServer({
    routes,
    docsRoutes: docsRoutes(() => openApiDocument(routes)),
    screenRoutes: screenRoutes(screen, {
      issuer,
      clientId: issuer === null ? null : 'recargas',
      scope: 'openid',
      claimNames: {
        subject: ['sub'],
        username: [],
        role: ['rol'],
        roleId: [],
        merchant: [],
        scope: [],
      },
    }),
    pages: everyPage,
    opsRoutes: opsRoutes([], createMetrics('api-gateway')),
    authenticate,
    shops,
    bodyBytesMax: 16_384,
    corsOrigins: ['https://pos.example'],
    rates,
    trustedProxies: ['127.0.0.2'],
    log: silentLog,
    observeRequest: () => undefined,
  })
  const server = await listen(app, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const requests = createRequests(url, requireDeclared)
  return {
    url,
    routes,
    app,
    documented: requireDeclared.seen,
    fakes,
    shops,
    /** As at the end of the process. */
    stop,
    published,
    waiters,
    notifications,
    receive,
    ...requests,
    close: () => closeAtOnce(server),
  }
}

export const asAdministrator = {
  authorization: `Bearer ${aToken({ sub: 1, roleName: 'Administrador', roleId: 1 })}`,
}

/** An Administrador who looks after the installation. */
export const asOperation = {
  authorization: `Bearer ${aToken({ sub: 1, roleName: 'Administrador', roleId: 1, scope: 'openid operacion' })}`,
}
