// The autoscaling lab with a policy that has one knob from cheap to fast.
import { autoscalingLab } from "./autoscaling-lab.ts";
import { labSweep } from "./autoscaling-lab-front.ts";
import { preset } from "./preset.ts";

export const serviceLevels = preset(
  "service-levels",
  "One knob, three points of a front of cost against P90 latency. Set the autoscaler's level to 1 (cheap) or 3 (fast) and compare.",
  autoscalingLab("Autoscaling lab: service levels", { id: "service-level" }),
  labSweep("pools[0].autoscaling.params.level", "1,2,3"),
);
