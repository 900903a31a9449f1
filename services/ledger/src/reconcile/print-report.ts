import { reportFigures, type ReportAnswer } from './report.ts'

const saidOf: Record<ReportAnswer['status'], string> = {
  baseline: 'first run: the next ones compare with this balance',
  equal: 'the carrier took what was committed',
  open: 'sales in flight may explain it: nothing to say yet',
  different: 'no sale explains it: a case is open',
}

const width = 16
const row = (name: string, value: string | number): string =>
  `${name.padEnd(width)}${String(value).padStart(width)}`

/** A report for people; sums in the carrier's own unit. */
export const printReport = (report: ReportAnswer): string =>
  [
    `run ${report.run}: ${report.status} (${saidOf[report.status]})`,
    `from ${report.from} to ${report.to}, in the carrier's own unit`,
    ...reportFigures.flatMap(({ figure, name, isRare }) =>
      isRare === true && report[figure] === 0 ? [] : [row(name, report[figure])],
    ),
    ...(report.uncertain === 0
      ? []
      : [
          `a range was compared, since sales were in flight: a difference below ${report.uncertain} is not seen`,
        ]),
    ...(report.caseId === null ? [] : [`case ${report.caseId}, likely sales:`]),
    ...(report.status === 'different' && report.sales.length === 0 ? ['  none'] : []),
    ...(report.status === 'open' ? ['held:'] : []),
    ...report.sales.map(
      (sale) =>
        `  ${sale.topupId}  #${sale.number} ${sale.merchant} ${sale.operator}  ` +
        `${sale.carrierAmount}  ${sale.state}  ${sale.requestedAt}`,
    ),
    ...(report.casesOpen === 0
      ? []
      : [
          `${report.casesOpen} differences are open until a person closes them: npm run ops -- cases list`,
        ]),
  ].join('\n')
