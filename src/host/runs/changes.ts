import type { Observation, TrainingSample } from '../../protocol/engine';
import type { EvaluationColumns, MetricsColumns } from '../../protocol/history';

/** What has changed about the runs. */
export type RunsChange =
  /** Another run is on show, or none, or the whole of it has changed. */
  | { readonly kind: 'current' }
  /** What is under way, or what a run is called. */
  | { readonly kind: 'status' }
  /** Of the run on show, which is trained. */
  | {
      readonly kind: 'rows';
      readonly metrics: MetricsColumns;
      readonly evaluations: EvaluationColumns;
    }
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'sampled'; readonly sample: TrainingSample }
  /** The run that is trained has gone on, while another is on show. */
  | { readonly kind: 'background' }
  /** Which runs are compared, or what is known of one of them. */
  | { readonly kind: 'compared' }
  /** The list of runs. */
  | { readonly kind: 'list' };
