/** The protobuf messages of the built-in kinds that clients send: field numbers, names and types. */

/**
 * `<number> <name> <type><mark>`; marks: `*` a list, `%` a map by text, `?` kept when zero or empty, `^` its fields
 * stand in the parent (Go's inline). Numbers as in the generated.proto files of k8s.io/api.
 */
export const KUBERNETES_MESSAGES: Readonly<Record<string, string>> = {
  Affinity: '1 nodeAffinity NodeAffinity?, 2 podAffinity PodAffinity?, 3 podAntiAffinity PodAntiAffinity?',
  AggregationRule: '1 clusterRoleSelectors LabelSelector*',
  AppArmorProfile: '1 type string, 2 localhostProfile string?',
  AuthenticationExtraValue: '1 items string*',
  BoundObjectReference: '1 kind string, 2 apiVersion string, 3 name string, 4 uid string',
  Capabilities: '1 add string*, 2 drop string*',
  ClientIPConfig: '1 timeoutSeconds int32?',
  ClusterRole: '1 metadata ObjectMeta, 2 rules PolicyRule*, 3 aggregationRule AggregationRule?',
  ClusterRoleBinding: '1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef',
  ConfigMap: '1 metadata ObjectMeta, 4 immutable bool?, 2 data string%, 3 binaryData bytes%',
  ConfigMapEnvSource: '1 localObjectReference LocalObjectReference^, 2 optional bool?',
  ConfigMapKeySelector: '1 localObjectReference LocalObjectReference^, 2 key string, 3 optional bool?',
  ConfigMapProjection: '1 localObjectReference LocalObjectReference^, 2 items KeyToPath*, 4 optional bool?',
  ConfigMapVolumeSource:
    '1 localObjectReference LocalObjectReference^, 2 items KeyToPath*, 3 defaultMode int32?, 4 optional bool?',
  Container:
    '1 name string, 2 image string, 3 command string*, 4 args string*, 5 workingDir string, 6 ports ContainerPort*, 19 envFrom EnvFromSource*, 7 env EnvVar*, 8 resources ResourceRequirements, 23 resizePolicy ContainerResizePolicy*, 24 restartPolicy string?, 25 restartPolicyRules ContainerRestartRule*, 9 volumeMounts VolumeMount*, 21 volumeDevices VolumeDevice*, 10 livenessProbe Probe?, 11 readinessProbe Probe?, 22 startupProbe Probe?, 12 lifecycle Lifecycle?, 13 terminationMessagePath string, 20 terminationMessagePolicy string, 14 imagePullPolicy string, 15 securityContext SecurityContext?, 16 stdin bool, 17 stdinOnce bool, 18 tty bool',
  ContainerPort: '1 name string, 2 hostPort int32, 3 containerPort int32, 4 protocol string, 5 hostIP string',
  ContainerResizePolicy: '1 resourceName string, 2 restartPolicy string',
  ContainerResourceMetricSource: '1 name string, 2 target MetricTarget, 3 container string',
  ContainerRestartRule: '1 action string, 2 exitCodes ContainerRestartRuleOnExitCodes?',
  ContainerRestartRuleOnExitCodes: '1 operator string, 2 values int32*',
  CoreEndpointPort: '1 name string, 2 port int32, 3 protocol string, 4 appProtocol string?',
  CrossVersionObjectReference: '1 kind string, 2 name string, 3 apiVersion string',
  DeleteOptions:
    '1 gracePeriodSeconds int64?, 2 preconditions Preconditions?, 3 orphanDependents bool?, 4 propagationPolicy string?, 5 dryRun string*, 6 ignoreStoreReadErrorWithClusterBreakingPotential bool?',
  Deployment: '1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status -',
  DeploymentSpec:
    '1 replicas int32?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, 5 minReadySeconds int32, 6 revisionHistoryLimit int32?, 7 paused bool, 9 progressDeadlineSeconds int32?',
  DeploymentStrategy: '1 type string, 2 rollingUpdate RollingUpdateDeployment?',
  DownwardAPIProjection: '1 items DownwardAPIVolumeFile*',
  DownwardAPIVolumeFile:
    '1 path string, 2 fieldRef ObjectFieldSelector?, 3 resourceFieldRef ResourceFieldSelector?, 4 mode int32?',
  DownwardAPIVolumeSource: '1 items DownwardAPIVolumeFile*, 2 defaultMode int32?',
  EmptyDirVolumeSource: '1 medium string, 2 sizeLimit Quantity?',
  Endpoint:
    '1 addresses string*, 2 conditions EndpointConditions, 3 hostname string?, 4 targetRef ObjectReference?, 5 deprecatedTopology string%, 6 nodeName string?, 7 zone string?, 8 hints EndpointHints?',
  EndpointAddress: '1 ip string, 3 hostname string, 4 nodeName string?, 2 targetRef ObjectReference?',
  EndpointConditions: '1 ready bool?, 2 serving bool?, 3 terminating bool?',
  EndpointHints: '1 forZones ForZone*, 2 forNodes ForNode*',
  EndpointPort: '1 name string?, 2 protocol string?, 3 port int32?, 4 appProtocol string?',
  EndpointSlice: '1 metadata ObjectMeta, 4 addressType string, 2 endpoints Endpoint*, 3 ports EndpointPort*',
  EndpointSubset:
    '1 addresses EndpointAddress*, 2 notReadyAddresses EndpointAddress*, 3 ports CoreEndpointPort*',
  Endpoints: '1 metadata ObjectMeta, 2 subsets EndpointSubset*',
  EnvFromSource: '1 prefix string, 2 configMapRef ConfigMapEnvSource?, 3 secretRef SecretEnvSource?',
  EnvVar: '1 name string, 2 value string, 3 valueFrom EnvVarSource?',
  EnvVarSource:
    '1 fieldRef ObjectFieldSelector?, 2 resourceFieldRef ResourceFieldSelector?, 3 configMapKeyRef ConfigMapKeySelector?, 4 secretKeyRef SecretKeySelector?, 5 fileKeyRef FileKeySelector?',
  Event:
    '1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason string, 4 message string, 5 source EventSource, 6 firstTimestamp Time, 7 lastTimestamp Time, 8 count int32, 9 type string, 10 eventTime MicroTime, 11 series EventSeries?, 12 action string, 13 related ObjectReference?, 14 reportingComponent string, 15 reportingInstance string',
  EventSeries: '1 count int32, 2 lastObservedTime MicroTime',
  EventSource: '1 component string, 2 host string',
  ExecAction: '1 command string*',
  ExternalMetricSource: '1 metric MetricIdentifier, 2 target MetricTarget',
  ExtraValue: '1 items string*',
  FieldSelectorAttributes: '1 rawSelector string, 2 requirements FieldSelectorRequirement*',
  FieldSelectorRequirement: '1 key string, 2 operator string, 3 values string*',
  FileKeySelector: '1 volumeName string, 2 path string, 3 key string, 4 optional bool?',
  ForNode: '1 name string',
  ForZone: '1 name string',
  GRPCAction: '1 port int32, 2 service string?',
  HPAScalingPolicy: '1 type string, 2 value int32, 3 periodSeconds int32',
  HPAScalingRules:
    '3 stabilizationWindowSeconds int32?, 1 selectPolicy string?, 2 policies HPAScalingPolicy*, 4 tolerance Quantity?',
  HTTPGetAction:
    '1 path string, 2 port IntOrString, 3 host string, 4 scheme string, 5 httpHeaders HTTPHeader*',
  HTTPHeader: '1 name string, 2 value string',
  HTTPIngressPath: '1 path string, 3 pathType string?, 2 backend IngressBackend',
  HTTPIngressRuleValue: '1 paths HTTPIngressPath*',
  HorizontalPodAutoscaler: '1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec, 3 status -',
  HorizontalPodAutoscalerBehavior: '1 scaleUp HPAScalingRules?, 2 scaleDown HPAScalingRules?',
  HorizontalPodAutoscalerSpec:
    '1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int32?, 3 maxReplicas int32, 4 metrics MetricSpec*, 5 behavior HorizontalPodAutoscalerBehavior?',
  HostAlias: '1 ip string, 2 hostnames string*',
  HostPathVolumeSource: '1 path string, 2 type string?',
  IPBlock: '1 cidr string, 2 except string*',
  Ingress: '1 metadata ObjectMeta, 2 spec IngressSpec, 3 status -',
  IngressBackend: '4 service IngressServiceBackend?, 3 resource TypedLocalObjectReference?',
  IngressClass: '1 metadata ObjectMeta, 2 spec IngressClassSpec',
  IngressClassParametersReference:
    '1 apiGroup string?, 2 kind string, 3 name string, 4 scope string?, 5 namespace string?',
  IngressClassSpec: '1 controller string, 2 parameters IngressClassParametersReference?',
  IngressRule: '1 host string, 2 ingressRuleValue IngressRuleValue^',
  IngressRuleValue: '1 http HTTPIngressRuleValue?',
  IngressServiceBackend: '1 name string, 2 port ServiceBackendPort',
  IngressSpec:
    '4 ingressClassName string?, 1 defaultBackend IngressBackend?, 2 tls IngressTLS*, 3 rules IngressRule*',
  IngressTLS: '1 hosts string*, 2 secretName string',
  Job: '1 metadata ObjectMeta, 2 spec JobSpec, 3 status -',
  JobSpec:
    '1 parallelism int32?, 2 completions int32?, 3 activeDeadlineSeconds int64?, 7 backoffLimit int32?, 12 backoffLimitPerIndex int32?, 13 maxFailedIndexes int32?, 4 selector LabelSelector?, 5 manualSelector bool?, 6 template PodTemplateSpec, 8 ttlSecondsAfterFinished int32?, 9 completionMode string?, 10 suspend bool?, 14 podReplacementPolicy string?, 15 managedBy string?',
  KeyToPath: '1 key string, 2 path string, 3 mode int32?',
  LabelSelector: '1 matchLabels string%, 2 matchExpressions LabelSelectorRequirement*',
  LabelSelectorAttributes: '1 rawSelector string, 2 requirements LabelSelectorRequirement*',
  LabelSelectorRequirement: '1 key string, 2 operator string, 3 values string*',
  Lease: '1 metadata ObjectMeta, 2 spec LeaseSpec',
  LeaseSpec:
    '1 holderIdentity string?, 2 leaseDurationSeconds int32?, 3 acquireTime MicroTime?, 4 renewTime MicroTime?, 5 leaseTransitions int32?, 6 strategy string?, 7 preferredHolder string?',
  Lifecycle: '1 postStart LifecycleHandler?, 2 preStop LifecycleHandler?, 3 stopSignal string?',
  LifecycleHandler:
    '1 exec ExecAction?, 2 httpGet HTTPGetAction?, 3 tcpSocket TCPSocketAction?, 4 sleep SleepAction?',
  LimitRange: '1 metadata ObjectMeta',
  LocalObjectReference: '1 name string',
  LocalSubjectAccessReview:
    '1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus',
  ManagedFieldsEntry:
    '1 manager string, 2 operation string, 3 apiVersion string, 4 time Time?, 6 fieldsType string, 7 fieldsV1 FieldsV1?, 8 subresource string',
  MetricIdentifier: '1 name string, 2 selector LabelSelector?',
  MetricSpec:
    '1 type string, 2 object ObjectMetricSource?, 3 pods PodsMetricSource?, 4 resource ResourceMetricSource?, 7 containerResource ContainerResourceMetricSource?, 5 external ExternalMetricSource?',
  MetricTarget: '1 type string, 2 value Quantity?, 3 averageValue Quantity?, 4 averageUtilization int32?',
  Namespace: '1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status -',
  NamespaceSpec: '1 finalizers string*',
  NetworkPolicy: '1 metadata ObjectMeta, 2 spec NetworkPolicySpec',
  NetworkPolicyEgressRule: '1 ports NetworkPolicyPort*, 2 to NetworkPolicyPeer*',
  NetworkPolicyIngressRule: '1 ports NetworkPolicyPort*, 2 from NetworkPolicyPeer*',
  NetworkPolicyPeer: '1 podSelector LabelSelector?, 2 namespaceSelector LabelSelector?, 3 ipBlock IPBlock?',
  NetworkPolicyPort: '1 protocol string?, 2 port IntOrString?, 3 endPort int32?',
  NetworkPolicySpec:
    '1 podSelector LabelSelector, 2 ingress NetworkPolicyIngressRule*, 3 egress NetworkPolicyEgressRule*, 4 policyTypes string*',
  NodeAffinity:
    '1 requiredDuringSchedulingIgnoredDuringExecution NodeSelector?, 2 preferredDuringSchedulingIgnoredDuringExecution PreferredSchedulingTerm*',
  NodeSelector: '1 nodeSelectorTerms NodeSelectorTerm*',
  NodeSelectorRequirement: '1 key string, 2 operator string, 3 values string*',
  NodeSelectorTerm: '1 matchExpressions NodeSelectorRequirement*, 2 matchFields NodeSelectorRequirement*',
  NonResourceAttributes: '1 path string, 2 verb string',
  NonResourceRule: '1 verbs string*, 2 nonResourceURLs string*',
  ObjectFieldSelector: '1 apiVersion string, 2 fieldPath string',
  ObjectMeta:
    '1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string, 7 generation int64, 8 creationTimestamp Time, 9 deletionTimestamp Time?, 10 deletionGracePeriodSeconds int64?, 11 labels string%, 12 annotations string%, 13 ownerReferences OwnerReference*, 14 finalizers string*, 17 managedFields ManagedFieldsEntry*',
  ObjectMetricSource:
    '1 describedObject CrossVersionObjectReference, 2 target MetricTarget, 3 metric MetricIdentifier',
  ObjectReference:
    '1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string, 6 resourceVersion string, 7 fieldPath string',
  OwnerReference:
    '5 apiVersion string, 1 kind string, 3 name string, 4 uid string, 6 controller bool?, 7 blockOwnerDeletion bool?',
  PersistentVolumeClaim: '1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec, 3 status -',
  PersistentVolumeClaimSpec:
    '1 accessModes string*, 4 selector LabelSelector?, 2 resources VolumeResourceRequirements, 3 volumeName string, 5 storageClassName string?, 6 volumeMode string?, 7 dataSource TypedLocalObjectReference?, 8 dataSourceRef TypedObjectReference?, 9 volumeAttributesClassName string?',
  PersistentVolumeClaimVolumeSource: '1 claimName string, 2 readOnly bool',
  Pod: '1 metadata ObjectMeta, 2 spec PodSpec, 3 status -',
  PodAffinity:
    '1 requiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm*, 2 preferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm*',
  PodAffinityTerm:
    '1 labelSelector LabelSelector?, 2 namespaces string*, 3 topologyKey string, 4 namespaceSelector LabelSelector?, 5 matchLabelKeys string*, 6 mismatchLabelKeys string*',
  PodAntiAffinity:
    '1 requiredDuringSchedulingIgnoredDuringExecution PodAffinityTerm*, 2 preferredDuringSchedulingIgnoredDuringExecution WeightedPodAffinityTerm*',
  PodDNSConfig: '1 nameservers string*, 2 searches string*, 3 options PodDNSConfigOption*',
  PodDNSConfigOption: '1 name string, 2 value string?',
  PodDisruptionBudget: '1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status -',
  PodDisruptionBudgetSpec:
    '1 minAvailable IntOrString?, 2 selector LabelSelector?, 3 maxUnavailable IntOrString?, 4 unhealthyPodEvictionPolicy string?',
  PodOS: '1 name string',
  PodReadinessGate: '1 conditionType string',
  PodSchedulingGate: '1 name string',
  PodSecurityContext:
    '1 seLinuxOptions SELinuxOptions?, 2 runAsUser int64?, 6 runAsGroup int64?, 3 runAsNonRoot bool?, 4 supplementalGroups int64*, 12 supplementalGroupsPolicy string?, 5 fsGroup int64?, 7 sysctls Sysctl*, 9 fsGroupChangePolicy string?, 10 seccompProfile SeccompProfile?, 11 appArmorProfile AppArmorProfile?, 13 seLinuxChangePolicy string?',
  PodSpec:
    '1 volumes Volume*, 20 initContainers Container*, 2 containers Container*, 3 restartPolicy string, 4 terminationGracePeriodSeconds int64?, 5 activeDeadlineSeconds int64?, 6 dnsPolicy string, 7 nodeSelector string%, 8 serviceAccountName string, 9 serviceAccount string, 21 automountServiceAccountToken bool?, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 27 shareProcessNamespace bool?, 14 securityContext PodSecurityContext?, 15 imagePullSecrets LocalObjectReference*, 16 hostname string, 17 subdomain string, 18 affinity Affinity?, 19 schedulerName string, 22 tolerations Toleration*, 23 hostAliases HostAlias*, 24 priorityClassName string, 25 priority int32?, 26 dnsConfig PodDNSConfig?, 28 readinessGates PodReadinessGate*, 29 runtimeClassName string?, 30 enableServiceLinks bool?, 31 preemptionPolicy string?, 32 overhead Quantity%, 33 topologySpreadConstraints TopologySpreadConstraint*, 35 setHostnameAsFQDN bool?, 36 os PodOS?, 37 hostUsers bool?, 38 schedulingGates PodSchedulingGate*, 40 resources ResourceRequirements?, 41 hostnameOverride string?',
  PodTemplateSpec: '1 metadata ObjectMeta, 2 spec PodSpec',
  PodsMetricSource: '1 metric MetricIdentifier, 2 target MetricTarget',
  PolicyRule:
    '1 verbs string*, 2 apiGroups string*, 3 resources string*, 4 resourceNames string*, 5 nonResourceURLs string*',
  Preconditions: '1 uid string?, 2 resourceVersion string?',
  PreferredSchedulingTerm: '1 weight int32, 2 preference NodeSelectorTerm',
  PriorityClass:
    '1 metadata ObjectMeta, 2 value int32, 3 globalDefault bool, 4 description string, 5 preemptionPolicy string?',
  Probe:
    '1 handler ProbeHandler^, 2 initialDelaySeconds int32, 3 timeoutSeconds int32, 4 periodSeconds int32, 5 successThreshold int32, 6 failureThreshold int32, 7 terminationGracePeriodSeconds int64?',
  ProbeHandler:
    '1 exec ExecAction?, 2 httpGet HTTPGetAction?, 3 tcpSocket TCPSocketAction?, 4 grpc GRPCAction?',
  ProjectedVolumeSource: '1 sources VolumeProjection*, 2 defaultMode int32?',
  ReplicaSet: '1 metadata ObjectMeta, 2 spec ReplicaSetSpec, 3 status -',
  ReplicaSetSpec:
    '1 replicas int32?, 4 minReadySeconds int32, 2 selector LabelSelector?, 3 template PodTemplateSpec',
  ResourceAttributes:
    '1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string, 8 fieldSelector FieldSelectorAttributes?, 9 labelSelector LabelSelectorAttributes?',
  ResourceFieldSelector: '1 containerName string, 2 resource string, 3 divisor Quantity',
  ResourceMetricSource: '1 name string, 2 target MetricTarget',
  ResourceQuota: '1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status -',
  ResourceQuotaSpec: '1 hard Quantity%, 2 scopes string*, 3 scopeSelector ScopeSelector?',
  ResourceRequirements: '1 limits Quantity%, 2 requests Quantity%',
  ResourceRule: '1 verbs string*, 2 apiGroups string*, 3 resources string*, 4 resourceNames string*',
  Role: '1 metadata ObjectMeta, 2 rules PolicyRule*',
  RoleBinding: '1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef',
  RoleRef: '1 apiGroup string, 2 kind string, 3 name string',
  RollingUpdateDeployment: '1 maxUnavailable IntOrString?, 2 maxSurge IntOrString?',
  SELinuxOptions: '1 user string, 2 role string, 3 type string, 4 level string',
  Scale: '1 metadata ObjectMeta, 2 spec ScaleSpec, 3 status ScaleStatus',
  ScaleSpec: '1 replicas int32',
  ScaleStatus: '1 replicas int32, 2 selector string',
  ScopeSelector: '1 matchExpressions ScopedResourceSelectorRequirement*',
  ScopedResourceSelectorRequirement: '1 scopeName string, 2 operator string, 3 values string*',
  SeccompProfile: '1 type string, 2 localhostProfile string?',
  Secret: '1 metadata ObjectMeta, 5 immutable bool?, 2 data bytes%, 4 stringData string%, 3 type string',
  SecretEnvSource: '1 localObjectReference LocalObjectReference^, 2 optional bool?',
  SecretKeySelector: '1 localObjectReference LocalObjectReference^, 2 key string, 3 optional bool?',
  SecretProjection: '1 localObjectReference LocalObjectReference^, 2 items KeyToPath*, 4 optional bool?',
  SecretVolumeSource: '1 secretName string, 2 items KeyToPath*, 3 defaultMode int32?, 4 optional bool?',
  SecurityContext:
    '1 capabilities Capabilities?, 2 privileged bool?, 3 seLinuxOptions SELinuxOptions?, 4 runAsUser int64?, 8 runAsGroup int64?, 5 runAsNonRoot bool?, 6 readOnlyRootFilesystem bool?, 7 allowPrivilegeEscalation bool?, 9 procMount string?, 11 seccompProfile SeccompProfile?, 12 appArmorProfile AppArmorProfile?',
  SelfSubjectAccessReview:
    '1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus',
  SelfSubjectAccessReviewSpec:
    '1 resourceAttributes ResourceAttributes?, 2 nonResourceAttributes NonResourceAttributes?',
  SelfSubjectReview: '1 metadata ObjectMeta, 2 status SelfSubjectReviewStatus',
  SelfSubjectReviewStatus: '1 userInfo UserInfo',
  SelfSubjectRulesReview:
    '1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status SubjectRulesReviewStatus',
  SelfSubjectRulesReviewSpec: '1 namespace string',
  Service: '1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status -',
  ServiceAccount:
    '1 metadata ObjectMeta, 2 secrets ObjectReference*, 3 imagePullSecrets LocalObjectReference*, 4 automountServiceAccountToken bool?',
  ServiceAccountTokenProjection: '1 audience string, 2 expirationSeconds int64?, 3 path string',
  ServiceBackendPort: '1 name string, 2 number int32',
  ServicePort:
    '1 name string, 2 protocol string, 6 appProtocol string?, 3 port int32, 4 targetPort IntOrString, 5 nodePort int32',
  ServiceSpec:
    '1 ports ServicePort*, 2 selector string%, 3 clusterIP string, 18 clusterIPs string*, 4 type string, 5 externalIPs string*, 7 sessionAffinity string, 8 loadBalancerIP string, 9 loadBalancerSourceRanges string*, 10 externalName string, 11 externalTrafficPolicy string, 12 healthCheckNodePort int32, 13 publishNotReadyAddresses bool, 14 sessionAffinityConfig SessionAffinityConfig?, 19 ipFamilies string*, 17 ipFamilyPolicy string?, 20 allocateLoadBalancerNodePorts bool?, 21 loadBalancerClass string?, 22 internalTrafficPolicy string?, 23 trafficDistribution string?',
  SessionAffinityConfig: '1 clientIP ClientIPConfig?',
  SleepAction: '1 seconds int64',
  StorageClass:
    '1 metadata ObjectMeta, 2 provisioner string, 3 parameters string%, 4 reclaimPolicy string?, 5 mountOptions string*, 6 allowVolumeExpansion bool?, 7 volumeBindingMode string?, 8 allowedTopologies TopologySelectorTerm*',
  Subject: '1 kind string, 2 apiGroup string, 3 name string, 4 namespace string',
  SubjectAccessReview:
    '1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus',
  SubjectAccessReviewSpec:
    '1 resourceAttributes ResourceAttributes?, 2 nonResourceAttributes NonResourceAttributes?, 3 user string, 4 groups string*, 5 extra ExtraValue%, 6 uid string',
  SubjectAccessReviewStatus: '1 allowed bool, 4 denied bool, 2 reason string, 3 evaluationError string',
  SubjectRulesReviewStatus:
    '1 resourceRules ResourceRule*, 2 nonResourceRules NonResourceRule*, 3 incomplete bool, 4 evaluationError string',
  Sysctl: '1 name string, 2 value string',
  TCPSocketAction: '1 port IntOrString, 2 host string',
  TokenRequest: '1 metadata ObjectMeta, 2 spec TokenRequestSpec, 3 status TokenRequestStatus',
  TokenRequestSpec: '1 audiences string*, 4 expirationSeconds int64?, 3 boundObjectRef BoundObjectReference?',
  TokenRequestStatus: '1 token string, 2 expirationTimestamp Time',
  TokenReview: '1 metadata ObjectMeta, 2 spec TokenReviewSpec, 3 status TokenReviewStatus',
  TokenReviewSpec: '1 token string, 2 audiences string*',
  TokenReviewStatus: '1 authenticated bool, 2 user UserInfo, 4 audiences string*, 3 error string',
  Toleration: '1 key string, 2 operator string, 3 value string, 4 effect string, 5 tolerationSeconds int64?',
  TopologySelectorLabelRequirement: '1 key string, 2 values string*',
  TopologySelectorTerm: '1 matchLabelExpressions TopologySelectorLabelRequirement*',
  TopologySpreadConstraint:
    '1 maxSkew int32, 2 topologyKey string, 3 whenUnsatisfiable string, 4 labelSelector LabelSelector?, 5 minDomains int32?, 6 nodeAffinityPolicy string?, 7 nodeTaintsPolicy string?, 8 matchLabelKeys string*',
  TypedLocalObjectReference: '1 apiGroup string?, 2 kind string, 3 name string',
  TypedObjectReference: '1 apiGroup string?, 2 kind string, 3 name string, 4 namespace string?',
  UserInfo: '1 username string, 2 uid string, 3 groups string*, 4 extra AuthenticationExtraValue%',
  Volume: '1 name string, 2 volumeSource VolumeSource^',
  VolumeDevice: '1 name string, 2 devicePath string',
  VolumeMount:
    '1 name string, 2 readOnly bool, 7 recursiveReadOnly string?, 3 mountPath string, 4 subPath string, 5 mountPropagation string?, 6 subPathExpr string',
  VolumeProjection:
    '1 secret SecretProjection?, 2 downwardAPI DownwardAPIProjection?, 3 configMap ConfigMapProjection?, 4 serviceAccountToken ServiceAccountTokenProjection?',
  VolumeResourceRequirements: '1 limits Quantity%, 2 requests Quantity%',
  VolumeSource:
    '1 hostPath HostPathVolumeSource?, 2 emptyDir EmptyDirVolumeSource?, 6 secret SecretVolumeSource?, 10 persistentVolumeClaim PersistentVolumeClaimVolumeSource?, 16 downwardAPI DownwardAPIVolumeSource?, 19 configMap ConfigMapVolumeSource?, 26 projected ProjectedVolumeSource?',
  WeightedPodAffinityTerm: '1 weight int32, 2 podAffinityTerm PodAffinityTerm',
};
