import type { ComponentChildren } from 'preact'
import { time } from '../language/format.ts'
import { ListSection } from '../lists/list-section.tsx'
import { ageOf, reasonsOf, type Operation } from './state.ts'
import { words } from './words.ts'

type PanelsProps = { readonly operation: Operation; readonly isOld: boolean }

/** Everything that is watched, each with its state in words. */
export const Panels = ({ operation, isOld }: PanelsProps) => {
  const say = words.value
  const { servicios, ventas, versiones_iguales, sin_respuesta } = operation
  return (
    <>
      <p class={operation.bien && !isOld ? 'verdict' : 'verdict fault'}>
        {operation.bien ? say.well : say.notWell}
      </p>
      <div class="panels">
        <ListSection id="services" title={say.services}>
          {servicios.map((service) => (
            <Row key={service.nombre} name={service.nombre} isWell={service.bien}>
              {serviceText(service)}
            </Row>
          ))}
          {!versiones_iguales && <li class="fault">{say.versionsDiffer}</li>}
        </ListSection>
        <ListSection id="circuits" title={say.circuits}>
          {ventas !== null && (
            <Row name={say.selling} isWell={ventas.abiertas}>
              {ventas.abiertas ? say.open : `${say.paused}: ${ventas.motivo ?? ''}`}
            </Row>
          )}
          {(operation.circuitos ?? []).map((circuit) => (
            <Row
              key={`${circuit.proveedor} ${circuit.vende}`}
              name={`${circuit.proveedor}, ${say[circuit.vende]}`}
              isWell={circuit.disponible}
            >
              {[say[circuit.circuito], circuit.motivo].filter(Boolean).join(' · ')}
            </Row>
          ))}
        </ListSection>
        <ListSection id="queues" title={say.queues}>
          {operation.colas.map((queue) => (
            <Row key={queue.nombre} name={say[queue.nombre]} isWell={queue.bien}>
              {queue.segundos === null
                ? say.none
                : say.waiting(queue.cantidad, ageText(queue.segundos))}
            </Row>
          ))}
        </ListSection>
        <Proofs operation={operation} />
        {sin_respuesta.length > 0 && (
          <ListSection id="silent" title={say.notWell}>
            {sin_respuesta.map(({ parte, motivo }) => (
              <li key={parte} class="fault">
                {say.silent(parte, motivo)}
              </li>
            ))}
          </ListSection>
        )}
      </div>
    </>
  )
}

const Proofs = ({ operation: { conciliacion, prueba } }: Pick<PanelsProps, 'operation'>) => {
  const say = words.value
  const states: Readonly<Record<string, string>> = {
    baseline: say.first,
    equal: say.equal,
    open: say.undecided,
    different: say.different,
  }
  const state = (estado: string): string => states[estado] ?? estado
  return (
    <ListSection id="proofs" title={say.proof}>
      <Row name={say.reconciliation} isWell={conciliacion?.bien === true}>
        {conciliacion === null
          ? say.noReconciliation
          : say.run(conciliacion.numero, state(conciliacion.estado), time(conciliacion.hasta))}
      </Row>
      {prueba !== null && (
        <Row name={say.proof} isWell={prueba.bien}>
          {prueba.en === null ? say.noProof : say.proven(prueba.bloques, time(prueba.en))}
        </Row>
      )}
      {(prueba?.particiones ?? []).map(({ particion, bloque, en, hallazgo }) => (
        <li key={particion} class={hallazgo === null ? 'partition' : 'fault'}>
          {say.provenTo(particion, bloque, time(en))}
          {hallazgo !== null && ` · ${say.stands(hallazgo.codigo)}`}
        </li>
      ))}
    </ListSection>
  )
}

type RowProps = {
  readonly name: string
  readonly isWell: boolean
  readonly children: ComponentChildren
}

/** Its state is a word too: not everybody tells the colours apart. */
const Row = ({ name, isWell, children }: RowProps) => {
  const say = words.value
  return (
    <li>
      <strong>{name}</strong>{' '}
      <strong class={isWell ? 'good' : 'fault'}>{isWell ? say.good : say.bad}</strong> {children}
    </li>
  )
}

const serviceText = (service: Operation['servicios'][number]): string => {
  const say = words.value
  return [
    ...reasonsOf(service),
    say.instances(service.instancias_listas, service.instancias),
    ...(service.version === null ? [] : [say.version(service.version)]),
  ].join(' · ')
}

const ageText = (seconds: number): string => {
  const { count, unit } = ageOf(seconds)
  return `${count} ${unit}`
}
