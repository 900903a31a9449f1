/**
 * The page at "/": calls as they come in, the balance, and the scenarios. One self-contained file
 * without a build step; whatever comes from a caller is written as text, never as HTML.
 */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tpaga sandbox</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --good: #2a8f4f; --bad: #c2413b; --odd: #b7791f }
  body { font: 14px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem }
  h1 { font-size: 1.2rem; margin: 0 0 .5rem }
  dl { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 0 0 1rem }
  dt { font-size: .75rem; opacity: .7 } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums }
  form, #active { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 0 0 .6rem }
  label { display: grid; font-size: .75rem } input { width: 8rem } select { max-width: 16rem }
  #summary, #problem { min-height: 1.3em; margin: 0 0 .6rem } #problem { color: var(--bad) }
  #active span { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .3rem .1rem .7rem }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
  th, td { text-align: left; padding: .2rem .5rem; border-bottom: 1px solid var(--line); white-space: nowrap }
  td.token { max-width: 18rem; overflow: hidden; text-overflow: ellipsis }
  .good { color: var(--good) } .bad { color: var(--bad) } .odd { color: var(--odd) }
  .scroll { overflow-x: auto }
</style>
</head>
<body>
<h1>Tpaga sandbox</h1>
<dl id="state"></dl>
<form id="scenario">
  <label>scenario <select name="scenario"></select></label>
  <label>probability <input name="probability" type="number" min="0.001" max="1" step="any" value="1"></label>
  <label>count <input name="count" type="number" min="1" placeholder="without end"></label>
  <label>delay, ms <input name="delayMs" type="number" min="0" placeholder="its own"></label>
  <label>number <input name="number" placeholder="any"></label>
  <label>calls <select name="endpoint"><option>sale</option><option>any</option><option>topup_account</option>
    <option>package_buy</option><option>package_lookup</option><option>balance</option>
    <option>service_providers</option><option>package_providers</option><option>packages</option></select></label>
  <button>Add</button>
</form>
<p id="summary"></p>
<div id="active"></div>
<form id="balance">
  <label>balance <input name="balance" type="number" step="1" required></label>
  <button>Set</button>
  <button type="button" id="reset">Reset everything</button>
</form>
<p id="problem" role="alert"></p>
<div class="scroll"><table>
  <thead><tr><th>#</th><th>at</th><th>call</th><th>number</th><th>amount</th><th>sent</th><th>debited</th>
    <th>overlap</th><th>scenario</th><th>token</th></tr></thead>
  <tbody id="calls"></tbody>
</table></div>
<script>
const by = (id) => document.getElementById(id)
const element = (name, text, className) => {
  const made = document.createElement(name)
  made.textContent = text ?? ''
  if (className) made.className = className
  return made
}
const ask = async (path, method = 'GET', body) => {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body) })
  const json = await answer.json()
  by('problem').textContent = answer.ok ? '' : json.error_message
  return json
}
const colour = (status) => (status === 200 ? 'good' : status === 503 || status >= 400 && status < 500 ? 'bad' : 'odd')

const showState = (state) => {
  const shown = { balance: state.balance, authorized: state.authorized, rejected: state.rejected,
    'in progress': state.unsettled, debits: state.debits, debited: state.debitedAmount,
    calls: state.calls.latest, 'open now': state.calls.open, 'most at once per token': state.calls.maxConcurrentPerToken }
  by('state').replaceChildren(...Object.entries(shown).map(([name, value]) => {
    const pair = element('div')
    pair.append(element('dt', name), element('dd', value.toLocaleString('en')))
    return pair
  }))
  by('active').replaceChildren(...state.scenarios.map((each) => {
    const chip = element('span', [each.scenario, each.probability * 100 + ' %', each.match.endpoint,
      each.match.number, each.remaining && each.remaining + ' left'].filter(Boolean).join(' · ') + ' ')
    const remove = element('button', '×')
    remove.title = 'Remove'
    remove.onclick = () => ask('/_scenario?id=' + each.id, 'DELETE').then(refresh)
    chip.append(remove)
    return chip
  }))
}
const showCalls = ({ calls }) => by('calls').replaceChildren(...calls.reverse().map((call) => {
  const row = element('tr')
  row.append(element('td', call.seq), element('td', call.at.slice(11, 23)), element('td', call.endpoint),
    element('td', call.number), element('td', call.amount), element('td', call.status, colour(call.status)),
    element('td', call.debited ? 'yes' : ''), element('td', call.concurrent > 1 ? call.concurrent : '', 'odd'),
    element('td', call.scenario), element('td', call.token, 'token'))
  return row
}))
const refresh = async () => {
  const [state, calls] = await Promise.all([ask('/_state'), ask('/_calls?last=50')])
  showState(state)
  showCalls(calls)
}

by('scenario').onsubmit = async (event) => {
  event.preventDefault()
  const { scenario, probability, count, delayMs, number, endpoint } = Object.fromEntries(new FormData(event.target))
  const body = { scenario, probability: Number(probability), match: { endpoint } }
  if (count) body.count = Number(count)
  if (delayMs) body.delayMs = Number(delayMs)
  if (number) body.match.number = number
  const added = await ask('/_scenario', 'POST', body)
  if (added.added) await refresh()
}
by('balance').onsubmit = async (event) => {
  event.preventDefault()
  const changed = await ask('/_balance', 'POST', { balance: Number(event.target.balance.value) })
  if (changed.calls) await refresh()
}
by('reset').onclick = () => ask('/_reset', 'POST').then(refresh)

const start = async () => {
  const { scenarios } = await ask('/_scenarios')
  const select = by('scenario').elements.scenario
  select.append(...scenarios.map(({ name }) => element('option', name)))
  select.onchange = () => {
    const { summary, number } = scenarios.find(({ name }) => name === select.value)
    by('summary').textContent = summary + ' · always for number ' + number
  }
  select.onchange()
  for (;;) {
    await refresh().catch(() => { by('problem').textContent = 'the sandbox does not answer' })
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 5000 : 1000))
  }
}
start()
</script>
</body>
</html>
`
