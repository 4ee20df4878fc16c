// The autoscaling lab with the policy that its text asks for.
import { autoscalingLab } from "./autoscaling-lab.ts";
import { labSweep } from "./autoscaling-lab-front.ts";
import { preset } from "./preset.ts";

export const inferlineLab = preset(
  "inferline-lab",
  "Under load batches grow, InferLine measures more throughput and asks for fewer replicas. Plan with 0.85 of it instead of 1: a sixth more cost, a third less P90 latency.",
  autoscalingLab("Autoscaling lab: InferLine", { id: "inferline" }),
  labSweep("pools[0].autoscaling.params.utilisation", "0.8..1.1:0.05"),
);
