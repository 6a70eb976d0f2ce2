export { ended, execIn, need, type Run } from "../../lab/drills/run";
export { HOSTS, SampleLab as TestLab, type UpReport } from "../../lab/drills/sample-lab";
